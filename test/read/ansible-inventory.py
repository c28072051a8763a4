"""What ansible-inventory prints for each case, in one process: starting Ansible for each would take most of the time.

Arguments: a folder of cases. A case is a folder, from within which Ansible is called; its file `sources` has an -i a
line, without it all that begins with `hosts` is given; its file `patterns` has a pattern a line, or a list of them as JSON.
Prints a JSON object: the name of each case, and {"list": text, "graph": text, "patterns": {pattern: [host...]}}
"""
import json
import os
import sys
import tempfile
import warnings

warnings.filterwarnings('ignore')
# As if nobody had set anything.
for name in [name for name in os.environ if name.startswith('ANSIBLE_')]:
    del os.environ[name]
settings = tempfile.NamedTemporaryFile(suffix='.cfg')
os.environ['ANSIBLE_CONFIG'] = settings.name
home = tempfile.TemporaryDirectory()
os.environ['HOME'] = home.name

from ansible import constants as C  # noqa: E402
from ansible import context  # noqa: E402
from ansible.cli.inventory import InventoryCLI  # noqa: E402
from ansible.inventory.manager import InventoryManager  # noqa: E402
from ansible.module_utils.common.collections import ImmutableDict  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.utils.display import Display  # noqa: E402
from ansible.utils.path import unfrackpath  # noqa: E402
from ansible.vars.manager import VariableManager  # noqa: E402

context.CLIARGS = ImmutableDict(export=False, yaml=False, toml=False, basedir=None, show_vars=False, pattern='all')
said = []
Display.warning = lambda self, message, *_, **__: said.append(message)
Display.error = lambda self, message, *_, **__: said.append(message)


def lines_of(path):
    with open(path, encoding='utf-8') as file:
        return [line.rstrip('\n') for line in file if line.strip()]


def answer(folder):
    os.chdir(folder)
    del said[:]
    names = sorted(os.listdir('.'))
    sources = lines_of('sources') if 'sources' in names else [name for name in names if name.startswith('hosts')]
    cli = InventoryCLI(['ansible-inventory', '--list'])
    cli.loader = DataLoader()
    cli.inventory = InventoryManager(
        loader=cli.loader, sources=[source if ',' in source else unfrackpath(source, follow=False) for source in sources])
    cli.vm = VariableManager(loader=cli.loader, inventory=cli.inventory)
    result = {
        'list': cli.dump(cli.json_inventory(cli._get_group('all'))),
        'graph': cli.inventory_graph(),
        'refused': [message for message in said if 'parse' in message],
        'patterns': {},
    }
    for pattern in lines_of('patterns') if 'patterns' in names else []:
        try:
            hosts = [host.name for host in cli.inventory.get_hosts(json.loads(pattern) if pattern.startswith('["') else pattern)]
        except Exception as error:
            hosts = str(error)
        # Whichever name of this machine was used first would count for all that follow.
        data = cli.inventory._inventory
        if data.localhost is not None and data.localhost.implicit:
            data.localhost = None
        cli.inventory.clear_pattern_cache()
        result['patterns'][pattern] = hosts
    return result


root = os.path.abspath(sys.argv[1])
print(json.dumps({name: answer(os.path.join(root, name)) for name in sorted(os.listdir(root))}, ensure_ascii=False))
