"""Caspian: a knowledge graph in which nothing is a fact without a speaker."""

__all__ = ["__version__"]

__version__ = "0.1.0"
