"""The benchmark's peers: ``ready(data, out)``, not timed, then ``run(data, out, prepared)``."""
