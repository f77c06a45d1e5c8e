"""The HTTP face of Caspian: SPARQL 1.1 Protocol, routes with evidence, stored questions."""
