"""Measures a built site the way its readers, their browsers and the standards would, and says what is not met."""
