"""SQL that Django compiles once in a process, and that is executed with other values each time.

Django builds and compiles a queryset anew for each request, which took two thirds of a request's processor time
(docs/adr/0014-busy-queries-are-compiled-once.md). Here the queryset stays the one home of its rule: what comes with
each request stands in it as a `Given`, or as a column that is `one_of` a list; everything else is said as always.

    held = Select(lambda: Reservation.objects.filter(speaker=given_uuid("speaker")).values_list("prompt_id"), itself)
    held.all(speaker=speaker.pk)
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import sql
from django.db.models.base import ModelState
from django.db.models.constants import OnConflict
from django.db.models.expressions import Combinable, Expression

Row = TypeVar("Row")
M = TypeVar("M", bound=models.Model)
Rows = Callable[[], models.QuerySet[Any, Any]]
Converter = Callable[[Any, Any, Any], Any]


# What stands in a queryset for what comes with each execution


class Given(Expression):
    """A value that comes under a name."""

    def __init__(self, name: str, output_field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: object, connection: object) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Stand among the parameters until the value is known."""
        return "%s", [self]

    def prepared(self, value: Any, database: Any) -> object:
        """Return the value as the database takes it."""
        return self.output_field.get_db_prep_value(value, database)


class GivenField(Given):
    """What a field of an instance holds."""

    def prepared(self, value: Any, database: Any) -> object:
        """Return the value as the field is saved."""
        return self.output_field.get_db_prep_save(value, database)


class GivenList(Given):
    """Values that come as a list: an array where the database has arrays, else JSON."""

    def prepared(self, value: Any, database: Any) -> object:
        """Return the values as the database takes them."""
        each = [super(GivenList, self).prepared(one, database) for one in value]
        return each if database.vendor == "postgresql" else json.dumps(each)


class Among(models.Func):
    """Whether a value is in a list: one statement for lists of any length."""

    output_field = models.BooleanField()
    arg_joiner, template = " = ANY(", "%(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Look the value up in JSON."""
        joiner, template = " IN (SELECT value FROM json_each(", "%(expressions)s))"
        return self.as_sql(compiler, connection, arg_joiner=joiner, template=template, **context)


class ForPostgresql(models.Func):
    """A condition that changes nothing, and leads PostgreSQL to an index; SQLite is led astray by it."""

    output_field = models.BooleanField()
    template = "%(expressions)s"

    def __init__(self, **condition: Any) -> None:
        super().__init__(models.ExpressionWrapper(models.Q(**condition), models.BooleanField()))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Say nothing."""
        return "TRUE", []


def given_uuid(name: str) -> Given:
    """Stand for a UUID, such as the key of a speaker, a prompt or a clip."""
    return Given(name, models.UUIDField())


def given_number(name: str) -> Given:
    """Stand for a whole number, such as the key of a language."""
    return Given(name, models.BigIntegerField())


def given_text(name: str) -> Given:
    """Stand for a text."""
    return Given(name, models.TextField())


def given_time(name: str) -> Given:
    """Stand for a date and time."""
    return Given(name, models.DateTimeField())


def one_of(column: str, values: Given) -> Among:
    """Ask whether a column has one of the values that come as a list, each of the kind of `values`."""
    return Among(models.F(column), GivenList(values.name, values.output_field))


# What is compiled


@dataclass(frozen=True)
class _Compiled:
    sql: str
    parameters: tuple[object, ...]
    converters: tuple[tuple[int, list[Converter], Any], ...] = ()  # of columns, by their place

    def execute(self, cursor: Any, given: Mapping[str, Any]) -> None:
        """Execute it with each value in its place."""
        values = [
            each.prepared(given[each.name], cursor.db) if isinstance(each, Given) else each
            for each in self.parameters
        ]
        cursor.execute(self.sql, values)

    def fetch(self, cursor: Any) -> Iterable[Sequence[Any]]:
        """Return the rows as the fields of the models have them."""
        rows: list[Sequence[Any]] = cursor.fetchall()
        return [self._converted(list(row), cursor.db) for row in rows] if self.converters else rows

    def _converted(self, row: list[Any], database: Any) -> list[Any]:
        for at, converters, column in self.converters:
            for convert in converters:
                row[at] = convert(row[at], column, database)
        return row


def _cursor(database: Any) -> Any:
    """Return a cursor that plans each statement once, where the database knows that (`common.postgresql`)."""
    return database.busy_cursor() if database.vendor == "postgresql" else database.cursor()


@dataclass
class _Statement(ABC):
    """Something that is compiled when it is executed first, once for each kind of database."""

    rows: Rows
    _by_vendor: dict[str, _Compiled] = field(default_factory=dict, init=False, repr=False)

    @abstractmethod
    def _compile(self, database: Any) -> _Compiled:
        """Let Django compile it."""

    def _compiled(self, database: Any) -> _Compiled:
        vendor = database.vendor
        if vendor not in self._by_vendor:
            self._by_vendor[vendor] = self._compile(database)
        return self._by_vendor[vendor]

    def _fetch(self, given: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
        database = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled(database)
        with _cursor(database) as cursor:
            compiled.execute(cursor, given)
            return compiled.fetch(cursor)

    def _count(self, given: Mapping[str, Any]) -> int:
        database = connections[DEFAULT_DB_ALIAS]
        with _cursor(database) as cursor:
            self._compiled(database).execute(cursor, given)
            return int(cursor.rowcount)


@dataclass
class Select(_Statement, Generic[Row]):
    """The rows of a queryset, each made `into` something by a call with its columns."""

    into: Callable[..., Row]

    def all(self, **given: Any) -> list[Row]:
        """Return all rows."""
        return [self.into(*row) for row in self._fetch(given)]

    def first(self, **given: Any) -> Row | None:
        """Return the first row, or None; say in the queryset which one that is."""
        return next(iter(self.all(**given)), None)

    def _compile(self, database: Any) -> _Compiled:
        compiler = self.rows().query.get_compiler(connection=database)
        statement, parameters = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        return _Compiled(statement, tuple(parameters), _converters(compiler, columns))


@dataclass
class Update(_Statement):
    """The same changes to all rows of a queryset."""

    changes: dict[str, Combinable | str | int]

    def run(self, **given: Any) -> int:
        """Change the rows; return how many."""
        return self._count(given)

    def _compile(self, database: Any) -> _Compiled:
        query: Any = self.rows().query.chain(sql.UpdateQuery)
        query.add_update_values(self.changes)
        statement, parameters = query.get_compiler(connection=database).as_sql()
        return _Compiled(statement, tuple(parameters))


@dataclass
class _Telling(_Statement):
    """Something that may tell one column of the rows that it makes or deletes."""

    told: str = field(default="", kw_only=True)

    def run(self, **given: Any) -> int:
        """Make or delete the rows; return how many."""
        return self._count(given)

    def all(self, **given: Any) -> list[Any]:
        """Make or delete the rows; return the column of each that is `told`."""
        return [value for [value] in self._fetch(given)]

    def _telling(
        self, model: type[models.Model], database: Any, statement: str, parameters: Sequence[object]
    ) -> _Compiled:
        """Return the statement with what it tells."""
        told = [each for each in model._meta.concrete_fields if each.name == self.told]
        compiler = self.rows().query.get_compiler(connection=database)
        converters = _converters(compiler, [each.get_col(model._meta.db_table) for each in told])
        if told:
            statement += " " + database.ops.return_insert_columns(told)[0]
        return _Compiled(statement, tuple(parameters), converters)


@dataclass
class Delete(_Telling):
    """The end of all rows of a queryset, of a model that no other refers to."""

    def _compile(self, database: Any) -> _Compiled:
        rows = self.rows()
        compiler: Any = rows.query.chain(sql.DeleteQuery).get_compiler(connection=database)
        statement, parameters = compiler.as_sql()
        return self._telling(rows.model, database, statement, parameters)


class Insert(_Telling):
    """A new row of a model for each value that comes as a list for the column `each`; `others` are the same for all.

    What is there already is left out, and everything where the queryset `unless` has a row.
    """

    def __init__(
        self,
        model: type[models.Model],
        each: str,
        *others: str,
        unless: Rows | None = None,
        told: str = "",
    ) -> None:
        super().__init__(lambda: models.QuerySet(model), told=told)
        self._each: Any = model._meta.get_field(each)
        self._others: list[Any] = [model._meta.get_field(name) for name in others]
        self._unless = unless

    def _compile(self, database: Any) -> _Compiled:
        ops, model = database.ops, self.rows().model
        names = ", ".join(ops.quote_name(each.column) for each in (self._each, *self._others))
        selected, parameters = self._listed(database)
        unless, more = self._unless_sql(database)
        parts = (
            ops.insert_statement(on_conflict=OnConflict.IGNORE),
            f"{ops.quote_name(model._meta.db_table)} ({names})",
            f"{selected} WHERE {unless}",
            ops.on_conflict_suffix_sql(None, OnConflict.IGNORE, (), ()),
        )
        return self._telling(model, database, " ".join(parts), [*parameters, *more])

    def _listed(self, database: Any) -> tuple[str, list[object]]:
        """Return the SQL for a row of each value in the list, with its parameters."""
        each: object = GivenList(self._each.name, self._each)
        others: list[object] = [GivenField(field.name, field) for field in self._others]
        same = "".join(", %s" for _each in others)
        if database.vendor == "postgresql":
            return f"SELECT unnest(%s::{self._each.db_type(database)}[]){same}", [each, *others]
        return " ".join((f"SELECT value{same}", "FROM json_each(%s)")), [*others, each]

    def _unless_sql(self, database: Any) -> tuple[str, list[object]]:
        if self._unless is None:
            return "TRUE", []  # SQLite needs some condition there to know what ON CONFLICT belongs to
        statement, parameters = self._unless().query.get_compiler(connection=database).as_sql()
        return f"NOT EXISTS ({statement})", list(parameters)


class New(_Statement):
    """A new row of a model, from an instance that has all its columns: the database makes none but the number."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(lambda: models.QuerySet(model))
        self._fields = [
            each
            for each in model._meta.concrete_fields
            if not each.generated and not isinstance(each, models.AutoField)
        ]

    def put(self, instance: models.Model) -> None:
        """Make the row; the instance itself learns nothing of it."""
        self._count({each.attname: each.pre_save(instance, add=True) for each in self._fields})

    def _compile(self, database: Any) -> _Compiled:
        ops, table = database.ops, self.rows().model._meta.db_table
        names = ", ".join(ops.quote_name(each.column) for each in self._fields)
        places = ", ".join("%s" for _each in self._fields)
        parts = (ops.insert_statement(), f"{ops.quote_name(table)} ({names})", f"VALUES ({places})")
        return _Compiled(" ".join(parts), tuple(GivenField(each.attname, each) for each in self._fields))


def _converters(compiler: Any, columns: list[Any]) -> tuple[tuple[int, list[Converter], Any], ...]:
    """Return what makes values of the database those of the fields, by the place of their column."""
    return tuple((at, *each) for at, each in compiler.get_converters(columns).items())


# What rows are made into


def whole(model: type[M]) -> Callable[..., M]:
    """Return what makes an instance of the model from all its columns."""
    return part(model, *(each.attname for each in model._meta.concrete_fields))


def part(model: type[M], *names: str) -> Callable[..., M]:
    """Return what makes an instance of the model from these columns; others are read when they are asked for."""

    def made(*columns: Any) -> M:
        # Its __init__, for whom attributes are optional, takes four times as long
        instance = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        instance.__dict__.update(zip(names, columns, strict=True), _state=state)
        return instance

    return made


def itself(value: Any) -> Any:
    """Return the one column of a row."""
    return value
