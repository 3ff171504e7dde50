"""Getters and setters of Params."""

from pyspark.ml.param import Param


def add_accessors(cls):
    """Gives a class a getter and a setter for each of its Params: damping has getDamping() and setDamping(value)."""

    def named(function, prefix, param, doc):
        function.__name__ = prefix + param.name[0].upper() + param.name[1:]
        function.__qualname__ = cls.__qualname__ + "." + function.__name__
        function.__doc__ = doc + param.name + ": " + param.doc + "."
        return function

    def getter(param):
        def get(self):
            return self.getOrDefault(getattr(self, param.name))

        return named(get, "get", param, "Value of ")

    def setter(param):
        def set_(self, value):
            return self._set(**{param.name: value})

        return named(set_, "set", param, "Sets, and returns self; ")

    for param in [value for value in vars(cls).values() if isinstance(value, Param)]:
        for accessor in (getter(param), setter(param)):
            setattr(cls, accessor.__name__, accessor)
