"""One page for the people who look after the articles: what is due, what is hard to read, what is loosely sourced."""

from sitekit.editing.stopping import say_when_stopped

say_when_stopped("Stopped. The former report is whole.")
