"""The plug-in loader: one broken plug-in never stops another, and every one has a line that says what became of it."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import EntryPoint
from types import ModuleType, SimpleNamespace

import pytest

from echo_core.connectors.declaration import Connector
from echo_core.connectors.errors import ConfigError, RecordError
from echo_core.connectors.events import Throttled
from echo_core.connectors.hookspecs import hookimpl
from echo_core.connectors.loader import load_plugins, register_plugins
from echo_core.model import Excluded, OrgUnit

EVENT = Throttled("test", "jobs", "x.example", 1.0, "told")


def declared(name, **options):
    return Connector(name, name.title(), "reads things", "m:C", "m:http", "m:streams", **options)


class ModuleLike(SimpleNamespace):
    """Attributes as given, compared by identity as modules are."""

    __hash__ = object.__hash__


class Plugin:
    """An empty object to hang hooks on."""


def plugin(*connectors, **hooks):
    """A plug-in object: connectors to declare, and further hooks by their short name."""
    made = Plugin()
    if connectors:
        made.echo_hub_connectors = hookimpl(lambda: list(connectors))
    for name, function in hooks.items():
        setattr(made, f"echo_hub_{name}", hookimpl(function))
    return made


@pytest.fixture
def install(monkeypatch):
    """install({"name": object or exception}) -> entry points whose modules are those objects, or raise on import."""

    def make(found):
        points = []
        for name, what in found.items():
            module = f"invented_plugin_{name}"
            if isinstance(what, BaseException):
                monkeypatch.setattr(sys, "meta_path", [Raising(module, what), *sys.meta_path])
            else:
                monkeypatch.setitem(sys.modules, module, what)
            points.append(EntryPoint(name, module, "echo_hub"))
        return points

    return make


class Raising:
    """An import hook: importing `module` raises."""

    def __init__(self, module, error):
        self.module, self.error = module, error

    def find_spec(self, name, *_args):
        if name == self.module:
            raise self.error


def lines(registry):
    return {info.name: (info.state, info.error) for info in registry.plugins}


def test_plugins_are_loaded_in_name_order_and_described(install):
    found = install(
        {
            "zeta": plugin(declared("zeta")),
            "alpha": plugin(declared("alpha"), declared("beta"), map=lambda entity: entity),
        }
    )
    registry = load_plugins(entry_points=found, environ={})
    assert [info.name for info in registry.plugins] == ["alpha", "zeta"]
    alpha = registry.plugins[0]
    assert (alpha.state, alpha.error, alpha.api) == ("ok", "", 1)
    assert alpha.hooks == ("echo_hub_connectors", "echo_hub_map")
    assert alpha.connectors == ("alpha", "beta")
    assert list(registry.connectors) == ["alpha", "beta", "zeta"]
    assert registry.connector("beta").title == "Beta"


def test_the_installed_plugins_load_with_distribution_and_version():
    registry = load_plugins(environ={})
    greenhouse = next(info for info in registry.plugins if info.name == "greenhouse")
    assert (greenhouse.distribution, greenhouse.state) == ("echo-hub-greenhouse", "ok")
    assert greenhouse.version
    assert "greenhouse" in registry.connectors


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ImportError("no module named x\nsecond line"), "ImportError: no module named x second line"),
        (SystemExit(3), "SystemExit: 3"),
        (GeneratorExit(), "GeneratorExit"),
        (RuntimeError("x" * 500), "RuntimeError: " + "x" * 286),
    ],
)
def test_a_plugin_that_raises_on_import_is_listed_and_the_others_run(install, error, line):
    found = install({"bad": error, "good": plugin(declared("good"))})
    registry = load_plugins(entry_points=found, environ={})
    assert lines(registry) == {"bad": ("failed", line), "good": ("ok", "")}
    assert list(registry.connectors) == ["good"]


def test_the_keyboard_interrupt_passes(install):
    with pytest.raises(KeyboardInterrupt):
        load_plugins(entry_points=install({"bad": KeyboardInterrupt()}), environ={})


def test_a_plugin_that_raises_when_asked_for_connectors_fails_alone():
    def broken():
        raise OSError("no network here")

    registry = register_plugins({"bad": plugin(connectors=broken), "good": plugin(declared("good"))})
    assert lines(registry)["bad"] == ("failed", "OSError: no network here")
    assert list(registry.connectors) == ["good"]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (plugin(conectors=lambda: []), "there is no hook echo_hub_conectors"),
        (SimpleNamespace(), "unhashable type"),
        (ModuleLike(echo_hub_connectors=lambda: []), "echo_hub_connectors is not marked with @hookimpl"),
        (plugin(event=lambda colour: colour), "Argument(s) {'colour'}"),
        (plugin("not a connector"), "gave a str instead of a Connector"),
        (plugin(declared("twin"), declared("twin")), "declares the connector 'twin' twice"),
        (ModuleLike(echo_hub_event=hookimpl(wrapper=True)(lambda: (yield))), "is a wrapper"),
    ],
)
def test_a_plugin_that_breaks_the_hook_contract_fails_with_a_reason(bad, message):
    registry = register_plugins({"bad": bad, "good": plugin(declared("good"))})
    state, error = lines(registry)["bad"]
    assert state == "failed"
    assert message in error
    assert lines(registry)["good"] == ("ok", "")


def test_two_plugins_that_claim_one_connector_name_both_stop_and_are_both_named():
    heard = []
    registry = register_plugins(
        {
            "ours": plugin(declared("greenhouse"), event=lambda: heard.append("ours")),
            "theirs": plugin(declared("greenhouse"), declared("lever")),
            "third": plugin(declared("third")),
        }
    )
    for name in ("ours", "theirs"):
        state, error = lines(registry)[name]
        assert state == "conflict"
        assert "ours and theirs" in error
        assert "'greenhouse'" in error
    assert list(registry.connectors) == ["third"]
    registry.hooks.event(EVENT)
    assert heard == []
    with pytest.raises(ConfigError, match="both offer"):
        registry.connector("greenhouse")


def test_two_distributions_with_one_plugin_name_both_stop(install):
    points = install({"twin": plugin(declared("twin"))})
    registry = load_plugins(entry_points=[*points, EntryPoint("twin", "another_module", "echo_hub")], environ={})
    assert [info.state for info in registry.plugins] == ["conflict", "conflict"]
    assert registry.connectors == {}


def test_the_same_entry_point_found_twice_is_one_plugin(install):
    points = install({"once": plugin(declared("once"))})
    assert lines(load_plugins(entry_points=[*points, *points], environ={})) == {"once": ("ok", "")}


@pytest.mark.parametrize(("api", "advice"), [(2, "Update Echo Hub"), (0, "Update the plug-in")])
def test_another_contract_version_is_listed_but_not_run(api, advice):
    registry = register_plugins({"future": plugin(declared("future", api=api))})
    state, error = lines(registry)["future"]
    assert state == "unsupported"
    assert f"needs contract version {api}" in error
    assert advice in error
    assert registry.plugins[0].api == api
    with pytest.raises(ConfigError, match="unsupported"):
        registry.connector("future")


@pytest.mark.parametrize(
    ("value", "running"), [("b, c", ["b", "c"]), ("", []), (" ", []), ("a", ["a"]), ("b,nope", ["b"])]
)
def test_the_environment_restricts_what_is_loaded(install, value, running):
    found = install({name: plugin(declared(name)) for name in "abc"})
    registry = load_plugins(entry_points=found, environ={"ECHO_HUB_PLUGINS": value})
    assert list(registry.connectors) == running
    assert {info.name for info in registry.plugins if info.state == "disabled"} == set("abc") - set(running)


def test_a_name_in_the_environment_that_is_not_installed_is_reported(install):
    registry = load_plugins(entry_points=install({"a": plugin()}), environ={"ECHO_HUB_PLUGINS": "nope"})
    assert lines(registry)["nope"] == ("failed", "Not installed. Installed are: a.")


def test_a_disabled_plugin_is_not_imported(install):
    found = install({"bomb": RuntimeError("imported")})
    registry = load_plugins(entry_points=found, environ={"ECHO_HUB_PLUGINS": ""})
    assert lines(registry)["bomb"][0] == "disabled"


def test_safe_mode_lists_everything_and_loads_nothing(install):
    found = install({"bomb": RuntimeError("imported"), "a": plugin(declared("a"))})
    registry = load_plugins(no_plugins=True, entry_points=found, environ={"ECHO_HUB_PLUGINS": "nope"})
    assert {name: state for name, (state, _) in lines(registry).items()} == {"a": "disabled", "bomb": "disabled"}
    assert registry.connectors == {}
    assert not registry.hooks.maps


def test_an_unknown_connector_is_refused_with_the_choices():
    registry = register_plugins({"a": plugin(declared("one"), declared("two"))})
    with pytest.raises(ConfigError, match="Installed are: one, two") as caught:
        registry.connector("three")
    assert caught.value.error_code == "config.connector"


def unit(name="Design"):
    return OrgUnit(source_id="7", name=name)


def renamed(suffix):
    return lambda entity: entity.model_copy(update={"name": entity.name + suffix})


def test_maps_are_chained_in_name_order_each_given_the_last_result():
    registry = register_plugins(
        {
            "b": plugin(map=renamed(" b")),
            "a": plugin(map=renamed(" a")),
            "leaves-it": plugin(map=lambda: None),
        }
    )
    assert registry.hooks.maps
    assert registry.hooks.map_entity(unit(), {"x": 1}, "departments").name == "Design a b"


def test_maps_are_given_the_raw_record_and_the_stream():
    given = []
    registry = register_plugins({"a": plugin(map=lambda raw, stream: given.append((raw, stream)))})
    registry.hooks.map_entity(unit(), {"x": 1}, "departments")
    assert given == [({"x": 1}, "departments")]


def test_a_map_that_raises_quarantines_the_record_and_names_the_plugin():
    def broken(entity):
        raise ValueError("value of a person")

    registry = register_plugins({"custom": plugin(map=broken)})
    with pytest.raises(RecordError, match="custom") as caught:
        registry.hooks.map_entity(unit(), {}, "departments")
    assert caught.value.error_code == "record.plugin"
    assert "value of a person" not in str(caught.value)


@pytest.mark.parametrize(
    "answer", [{"name": "x"}, OrgUnit(source_id="8", name="Other"), Excluded(entity="x", source_id="7", rule="draft")]
)
def test_a_map_that_answers_another_record_quarantines_it(answer):
    registry = register_plugins({"custom": plugin(map=lambda: answer)})
    with pytest.raises(RecordError, match="another record"):
        registry.hooks.map_entity(unit(), {}, "departments")


def test_observers_are_all_told_and_a_raising_one_is_logged_once(caplog):
    heard = []

    def broken(event):
        raise SystemExit(1)

    registry = register_plugins({"a": plugin(event=broken), "b": plugin(event=lambda event: heard.append(event))})
    with caplog.at_level(logging.WARNING):
        registry.hooks.event(EVENT)
        registry.hooks.event(EVENT)
    assert heard == [EVENT, EVENT]
    assert len(caplog.records) == 1
    assert "The plug-in a raised in echo_hub_event" in caplog.text


def test_the_first_skill_answer_in_name_order_wins(caplog):
    def broken(text):
        raise LookupError

    registry = register_plugins(
        {
            "a": plugin(skill=broken),
            "b": plugin(skill=lambda: None),
            "c": plugin(skill=lambda text, language: f"starter:{text}:{language}"),
            "d": plugin(skill=lambda: "starter:other"),
        }
    )
    assert registry.hooks.skill("python", "en") == "starter:python:en"
    assert "The plug-in a raised in echo_hub_skill" in caplog.text
    assert register_plugins({}).hooks.skill("python") is None


def test_a_module_may_be_a_plugin_and_import_the_marker():
    module = ModuleType("invented")
    module.hookimpl = hookimpl
    module.echo_hub_connectors = hookimpl(lambda: iter([declared("m")]))
    assert list(register_plugins({"m": module}).connectors) == ["m"]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (declared("bad", api="1"), "contract version of 'bad' is a str"),
        (declared("bad", api=True), "contract version of 'bad' is a bool"),
        (Connector(None, "", "", "", "", ""), "lower-case"),
        (Connector(["x"], "", "", "", "", ""), "lower-case"),
        (Connector("", "", "", "", "", ""), "lower-case"),
        (Connector("Bad Name", "", "", "", "", ""), "lower-case"),
    ],
)
def test_a_connector_without_a_proper_name_or_version_fails_its_plug_in_alone(broken, told):
    registry = register_plugins({"bad": plugin(broken), "good": plugin(declared("good"))})
    assert [(one.name, one.state) for one in registry.plugins] == [("bad", "failed"), ("good", "ok")]
    assert told in registry.plugins[0].error
    assert list(registry.connectors) == ["good"]


def test_a_list_of_plug_ins_tells_of_a_connector_whose_code_cannot_be_imported():
    def connector(name, config):
        return Connector(name, name, "", config, "echo_core.connectors:raw_id", "echo_core.connectors:raw_id")

    good, bad = "echo_core.connectors:Page", "echo_core.connectors:Pagge"
    registry = register_plugins(
        {
            "all": plugin(connector("a", bad)),
            "none": plugin(connector("b", good)),
            "some": plugin(connector("c", good), connector("d", bad)),
        }
    )
    assert [info.state for info in registry.plugins] == ["ok", "ok", "ok"]
    assert [info.state for info in registry.tried()] == ["failed", "ok", "partly"]
    assert "'d' cannot be used, its config 'echo_core.connectors:Pagge': AttributeError" in registry.tried()[2].error


def test_a_plug_in_that_fails_says_why_for_each_of_its_names():
    registry = register_plugins({"gone": plugin(declared("a", api=99)), "fine": plugin(declared("b"))})
    assert sorted(registry.broken) == ["a", "gone"]
    assert "needs contract version 99" in registry.broken["a"]
