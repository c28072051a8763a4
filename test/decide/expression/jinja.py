"""Reads {"variables": …, "expressions": [...]} on stdin; prints what Jinja2 with Ansible's filters makes of each."""
import json
import sys

from ansible.plugins.filter.core import FilterModule as Core
from ansible.plugins.filter.mathstuff import FilterModule as Mathstuff
from ansible.plugins.test.core import TestModule as CoreTests
from ansible.plugins.test.mathstuff import TestModule as MathstuffTests
from jinja2 import Environment, StrictUndefined


class Chainable(StrictUndefined):
    """As in Ansible (ansible/template, AnsibleUndefined): of what is undefined every attribute is undefined."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Chainable(name=name)

    __getitem__ = __getattr__


def plain(value):
    if isinstance(value, StrictUndefined):
        str(value)  # raises
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (str, int, float)):
        return value
    if hasattr(value, "__iter__"):
        return [plain(item) for item in value]
    raise TypeError(type(value).__name__)


environment = Environment(undefined=Chainable)
environment.filters.update(Core().filters())
environment.filters.update(Mathstuff().filters())
environment.filters["split"] = lambda text, *args: text.split(*args)
environment.tests.update(CoreTests().tests())
environment.tests.update(MathstuffTests().tests())

given = json.load(sys.stdin)
answers = []
for expression in given["expressions"]:
    try:
        compiled = environment.compile_expression(expression, undefined_to_none=False)
        answers.append(json.dumps(plain(compiled(**given["variables"]))))
    except Exception as error:
        answers.append("error")
print(json.dumps(answers))
