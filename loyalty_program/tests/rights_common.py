import inspect

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .care_common import CareCase

#: Who works with the suite, from the outside inwards: role, group, roles it holds.
ROLES = {
    "portal": ("base.group_portal", ()),
    "employee": ("base.group_user", ()),
    "seller": ("sales_team.group_sale_salesman", ("employee",)),
    "cashier": ("point_of_sale.group_pos_user", ("employee",)),
    "accountant": ("account.group_account_readonly", ("employee",)),
    "user": ("loyalty_program.group_loyalty_user", ("employee",)),
    "adjuster": ("loyalty_program.group_loyalty_adjust", ("employee", "user")),
    "manager": (
        "loyalty_program.group_loyalty_manager",
        ("employee", "user", "adjuster"),
    ),
    "system": ("base.group_system", ("employee",)),
}
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}

#: What the ORM itself guards, whatever an override adds.
ORM_METHODS = frozenset(
    ("copy", "create", "default_get", "init", "search", "unlink", "write")
)


def list_methods(env, addon):
    """Return the sorted (model, method) that RPC reaches and the addon defines."""
    prefix = f"odoo.addons.{addon}."
    return sorted(
        {
            (name, method)
            for name, model in env.items()
            for cls in type(model).mro()
            if cls.__module__.startswith(prefix)
            for method, function in vars(cls).items()
            if inspect.isfunction(function)
            and not method.startswith("_")
            and method not in ORM_METHODS
        }
    )


class RightsCase(CareCase):
    """Reads of one addon what anybody can call over RPC, and who may do what."""

    #: The addon that a test is about.
    addon = "loyalty_program"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: new_test_user(
                cls.env,
                f"rights_{role}",
                groups=group if role == "portal" else f"base.group_user,{group}",
                company_id=cls.company.id,
            )
            for role, (group, _held) in ROLES.items()
            if cls.env.ref(group, raise_if_not_found=False)
        }

    # === Rights on models ===

    def _list_models(self):
        """Return the models that the addon itself makes, with a table or a form."""
        return sorted(
            name
            for name, model in self.env.items()
            if model._original_module == self.addon and not model._abstract
        )

    def _read_rights(self, name):
        """Return {role: letters} of a model; what a role holds already is left out."""
        all_rights = {
            role: "".join(
                letter
                for operation, letter in OPERATIONS.items()
                if self.env[name].with_user(user).has_access(operation)
            )
            for role, user in self.roles.items()
        }
        own = {}
        for role, letters in all_rights.items():
            held = {all_rights[other] for other in ROLES[role][1]}
            if letters and letters not in held:
                own[role] = letters
        return own

    def assert_rights(self, table):
        """Assert that each model gives each role exactly what the table says.

        :param dict table: {model: "role=letters role=letters"}
        """
        found = {
            name: " ".join(f"{role}={own}" for role, own in rights.items())
            for name in sorted({*self._list_models(), *table})
            for rights in [self._read_rights(name)]
        }
        self.maxDiff = None
        self.assertEqual(found, table)

    def assert_companies_kept_apart(self, shared):
        """Assert that each model that people read has a rule for companies.

        :param dict shared: {model: why its rows are everybody's}
        """
        open_models = {
            name
            for name in self._list_models()
            if not self.env[name]._transient and set(self._read_rights(name))
        }
        rules = self.env["ir.rule"].search([("model_id.model", "in", [*open_models])])
        ruled = {
            rule.model_id.model
            for rule in rules
            if not rule.groups and "company_id" in rule.domain_force
        }
        self.assertEqual(open_models - ruled, set(shared))

    # === Methods that RPC reaches ===

    def assert_outsiders_refused(self, exceptions, arguments):
        """Assert that portal users and employees without a role can call nothing.

        :param dict exceptions: {method: why anybody may call it}; windows that it
            opens read nothing
        :param dict arguments: {name of a parameter: what is sent}
        """
        methods = list_methods(self.env, self.addon)
        self.assertEqual(
            set(exceptions) - {method for _model, method in methods}, set()
        )
        records = {name: self._find_record(name) for name, _method in methods}
        for name, method in methods:
            for role in ("portal", "employee"):
                with self.subTest(model=name, method=method, role=role):
                    call = self._prepare_call(records[name], method, role, arguments)
                    if method in exceptions:
                        self._assert_reads_nothing(call)
                        continue
                    with self.assertRaises(AccessError):
                        call()

    def _find_record(self, name):
        model = self.env[name]
        if model._abstract:
            return model
        found = model.with_context(active_test=False).search([], limit=1)
        return found or model.browse(1)

    def _prepare_call(self, record, method, role, arguments):
        """Return a call as a request makes it: with nothing read before."""
        self.env.flush_all()
        self.env.invalidate_all()
        function = getattr(type(record), method)
        is_model_method = getattr(function, "_api_model", False)
        target = record.browse() if is_model_method else record
        names = [
            parameter.name
            for parameter in [*inspect.signature(function).parameters.values()][1:]
            if parameter.default is parameter.empty
            and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        sent = [arguments[name] for name in names]
        bound = getattr(target.with_env(self.env(user=self.roles[role])), method)
        return lambda: bound(*sent)

    def _assert_reads_nothing(self, call):
        """Assert that a call is refused, or gives an address and does nothing."""
        try:
            answer = call()
        except AccessError:
            return
        if "type" in answer:
            self.assertEqual(answer["type"], "ir.actions.act_window")
