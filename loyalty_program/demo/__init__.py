from . import loader, claims
