"""SPIFFs: short contests with prizes, as data: what one says, who stands where, who wins what."""
