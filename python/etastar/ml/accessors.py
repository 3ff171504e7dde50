"""Getters and setters of Params."""

from pyspark.ml.param import Param


def add_accessors(cls):
    """Gives a class a getter and a setter for each of its Params: damping has getDamping() and setDamping(value)."""

    def getter(name):
        def get(self):
            return self.getOrDefault(getattr(self, name))

        get.__doc__ = "Value of " + name + "."
        return get

    def setter(name):
        def set_(self, value):
            return self._set(**{name: value})

        set_.__doc__ = "Sets " + name + "; returns self."
        return set_

    for name, param in list(vars(cls).items()):
        if isinstance(param, Param):
            suffix = name[0].upper() + name[1:]
            setattr(cls, "get" + suffix, getter(name))
            setattr(cls, "set" + suffix, setter(name))
