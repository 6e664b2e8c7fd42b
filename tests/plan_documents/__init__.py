"""Plan documents: every word has its sentence, every example is the engine's."""
