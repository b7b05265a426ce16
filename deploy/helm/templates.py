"""One template a document from what kustomize makes of each choice of features: equal parts as they are, others under a condition."""

import itertools
import json
import re

import values
import yaml

#: Conditions by which parts may differ, the simplest first: text -> whether a choice of features meets it.
CONDITIONS = {}
for size, join, meets in ((1, "", all), (2, "and", all), (2, "or", any)):
    for names in itertools.combinations(values.FEATURES, size):
        for signs in itertools.product((True, False), repeat=size):
            terms = [f".Values.{name}.enabled" if sign else f"(not .Values.{name}.enabled)" for name, sign in zip(names, signs)]
            text = terms[0].strip("()") if size == 1 else f"{join} {' '.join(terms)}"
            CONDITIONS[text] = lambda choice, names=names, signs=signs, meets=meets: meets((name in choice) == sign for name, sign in zip(names, signs))


def condition(chosen, among):
    """What tells the choices `chosen` from the others of `among`; None if there are no others."""
    if set(chosen) == set(among):
        return None
    for text, meets in CONDITIONS.items():
        if {choice for choice in among if meets(choice)} == set(chosen):
            return text
    raise SystemExit(f"build: no condition tells {[sorted(c) for c in chosen]} from the other choices")


def text_of(text, quoted):
    """A text as a template has it, with its marks; what Helm would take for its own braces is protected."""
    parts = re.split(r"<<(.*?)>>", text)
    plain = [(json.dumps(part, ensure_ascii=False)[1:-1] if quoted else part).replace("{{", '{{ "{{" }}') for part in parts[::2]]
    return "".join(part + expression for part, expression in itertools.zip_longest(plain, (f"{{{{ {part} }}}}" for part in parts[1::2]), fillvalue=""))


def entry(pad, head, value):
    """The lines of a scalar."""
    if not isinstance(value, str):
        return [f"{pad}{head} {yaml.safe_dump(value, default_flow_style=True)}".split("\n", maxsplit=1)[0]]
    if value.startswith("<<!"):
        return [f"{pad}{head} {{{{ {value[3:-2]} }}}}"]
    if value.startswith("<<?"):
        return under(f"with {value[3:-2]}", [f"{pad}{head} {{{{ toJson . }}}}"], "")
    if "\n" in value.rstrip("\n") and not value.startswith(" "):
        kept = {0: "-", 1: ""}.get(len(value) - len(value.rstrip("\n")), "+")
        return [f"{pad}{head} |{kept}", *(f"{pad}  {line}".rstrip() for line in text_of(value.rstrip("\n"), quoted=False).split("\n"))]
    return [f'{pad}{head} "{text_of(value, quoted=True)}"']


def under(text, lines, keyword="if "):
    return lines if text is None else [f"{{{{- {keyword}{text} }}}}", *lines, "{{- end }}"]


def same(variants):
    return len({json.dumps(value, sort_keys=True) for value in variants.values()}) == 1


def key(name):
    return name if re.fullmatch(r"[\w./-]+", name) else json.dumps(name)


def keyed(items):
    """List items by what tells one from another: its name, else its value."""
    return {item["name"] if isinstance(item, dict) and "name" in item else json.dumps(item, sort_keys=True): item for item in items}


def lines_of(variants, indent):
    """The lines of a mapping or list, whose variants are of one kind."""
    pad = " " * indent
    first = next(iter(variants.values()))
    is_list = isinstance(first, list)
    parts = {choice: keyed(value) if is_list else value for choice, value in variants.items()}
    names = list(dict.fromkeys(name for part in sorted(parts.values(), key=len, reverse=True) for name in part))
    result = []
    for name in names:
        having = {choice: part[name] for choice, part in parts.items() if name in part}
        example = next(iter(having.values()))
        head = "-" if is_list else f"{key(name)}:"
        if isinstance(example, (dict, list)) and example:
            lines = lines_of(having, indent + 2)
            if is_list:
                start = next(index for index, line in enumerate(lines) if not line.startswith("{{-"))
                lines[start] = f"{pad}- {lines[start][indent + 2:]}"
                lines = lines if start == 0 else [f"{pad}-", *lines_of(having, indent + 2)]
            else:
                lines = [f"{pad}{head}", *lines]
        else:
            lines = [line for group in groups(having) for line in under(condition(group, having), entry(pad, head, having[group[0]]))]
        result += under(condition(having, variants), lines)
    return result


def groups(variants):
    """The choices that share a value, a list for each value."""
    by_value = {}
    for choice, value in variants.items():
        by_value.setdefault(json.dumps(value, sort_keys=True), []).append(choice)
    return list(by_value.values())


def of(rendered):
    """Name -> text of the templates, for choice of features -> documents."""
    documents = {}
    for choice, made in rendered.items():
        for document in made:
            name = re.sub(r"<<.*?>>", "clustr", document["metadata"]["name"])
            documents.setdefault(f"{document['kind'].lower()}-{name}.yaml", {})[choice] = document
    result = {}
    for name, variants in documents.items():
        wanted = ".Values.createNamespace" if name.startswith("namespace-") else condition(variants, rendered)
        result[name] = "\n".join(under(wanted, lines_of(variants, 0))) + "\n"
    result["needs.yaml"] = "".join(
        f'{{{{- if and .Values.{feature}.enabled (not .Values.{needed}.enabled) }}}}{{{{ fail "{feature} needs {needed}: set {needed}.enabled=true" }}}}{{{{- end }}}}\n'
        for feature, needed in values.NEEDS.items())
    return result
