"""What tills call over RPC: what they send is looked at before anything else."""

from functools import wraps
from inspect import signature

from odoo.exceptions import UserError


def till_call(**shapes):
    """Decorate a method that tills call: refuse what has another shape.

    :param shapes: {parameter: a shape of ``engine.shapes``}
    :raise UserError: when the method is called without a parameter, or with one that
        has not its shape; nothing was read or done then
    """

    def decorate(method):
        form = signature(method)

        @wraps(method)
        def call(self, *args, **kwargs):
            try:
                sent = form.bind(self, *args, **kwargs).arguments
            except TypeError:
                sent = None
            if sent is None or not all(
                has_shape(sent[name])
                for name, has_shape in shapes.items()
                if name in sent
            ):
                raise UserError(explain_misshapen(self.env))
            return method(self, *args, **kwargs)

        return call

    return decorate


def explain_misshapen(env):
    """Return what a cashier reads of a call that makes no sense."""
    return env._(
        "This till sent something that makes no sense. Reload it, and try again."
    )
