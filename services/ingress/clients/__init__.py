"""The peers that ingress hands its parts to."""
