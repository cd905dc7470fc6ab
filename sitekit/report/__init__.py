"""One page for the people who look after the articles: what is due, what is hard to read, what is loosely sourced."""
