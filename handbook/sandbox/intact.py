"""What a program must leave as it is: the built-in names, and the functions of this folder."""

import builtins
import sys
import types

from handbook.sandbox.result import Stopped


def modules() -> tuple[types.ModuleType, ...]:
    """The modules of this folder; to be asked for before the worker forgets them."""
    ours = [name for name in sys.modules if name.startswith("handbook.sandbox.")]
    return tuple(sys.modules[name] for name in ours)


class Intact:
    """How everything was before the program began."""

    def __init__(self, modules: tuple[types.ModuleType, ...]) -> None:
        self._modules = modules
        self._builtins = {**builtins.__dict__}
        self._before = self._look()

    def check(self) -> None:
        """Put the built-in names back.

        Raises:
            Stopped: something was changed.
        """
        now = {**builtins.__dict__}
        builtins.__dict__.update(self._builtins)
        after = self._look() | {f"builtins.{name}": value for name, value in now.items()}
        names = sorted((self._before.keys() | after.keys()) - {"builtins._"})
        changed = [name for name in names if self._before.get(name) is not after.get(name)]
        if changed:
            raise Stopped("names changed", names=", ".join(changed[:3]))

    def _look(self) -> dict[str, object]:
        names = {
            f"{module.__name__}.{name}": value
            for module in self._modules
            for name, value in vars(module).items()
            if isinstance(value, types.FunctionType | type | tuple)
        }
        names |= {
            f"{owner}.{name}": value
            for owner, found in names.items()
            if isinstance(found, type) and found.__module__.startswith("handbook.")
            for name, value in vars(found).items()
        }
        functions = {n: v for n, v in names.items() if isinstance(v, types.FunctionType)}
        return (
            {f"builtins.{name}": value for name, value in self._builtins.items()}
            | names
            | {f"the code of {name}": value.__code__ for name, value in functions.items()}
        )
