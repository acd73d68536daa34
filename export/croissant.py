"""Croissant 1.1 with its vocabulary for responsible AI: what machine-learning tools and dataset searches read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from export.metadata import LICENSE_URL, Facts, hours
from export.tables import COLUMNS

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
RECORDED = ("train", "dev", "test", "validated", "invalidated", "other")
NUMBERS = frozenset({"up_votes", "down_votes"})


class File(NamedTuple):
    """An archive as it is downloaded."""

    name: str
    url: str
    bytes: int
    sha256: str


def croissant(facts: Facts, archive: File) -> str:
    """Return the JSON-LD of an edition whose archive with MP3s is this one."""
    tables = [name for name in RECORDED if facts["tables"][name]["clips"]]
    document = _about(facts) | {
        "distribution": [_archive(archive), *(_table_file(facts, name) for name in tables)],
        "recordSet": [_record_set(name) for name in tables],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _about(facts: Facts) -> dict[str, Any]:
    address = f"{facts['site']}/datasets/{facts['number']}/"
    title = f"{facts['corpus']} {facts['number']}, {facts['language']}"
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": f"{facts['stem']}-{facts['locale']}",
        "description": f"{hours(facts['all']['duration_ms'])} hours of sentences read aloud by volunteers in "
        f"{facts['language']}, judged by other volunteers, with measured durations and leak-free splits.",
        "url": address,
        "license": LICENSE_URL,
        "creator": {"@type": "sc:Organization", "name": facts["corpus"], "url": facts["site"]},
        "datePublished": facts["cutoff"],
        "inLanguage": facts["locale"],
        "version": f"{facts['number']}.0",
        "isLiveDataset": False,
        "citeAs": f"{title}, {facts['cutoff']}. {address}",
        "rai:dataCollection": "Volunteers read sentences aloud in a web browser, after agreeing to publication.",
        "rai:dataCollectionType": ["Crowdsourcing"],
        "rai:dataAnnotationProtocol": f"Other volunteers say whether a clip says its sentence; {facts['quorum']} votes "
        f"and {'certainty' if facts.get('weighed') else 'a lead'} decide. Each clip comes with its votes.",
        "rai:annotationsPerItem": "The columns up_votes and down_votes.",
        "rai:personalSensitiveInformation": ["Voice", "Age", "Gender", "Language"],
        "rai:dataUseCases": ["Speech recognition", "Research on speech and language"],
        "rai:dataLimitations": "Read speech only. Volunteers are no sample of the people who speak the language.",
        "rai:dataBiases": "Ages, genders and accents are uneven; the datasheet counts them where they are given.",
        "rai:dataReleaseMaintenancePlan": "Clips that are withdrawn are left out of all later versions.",
    }


def _archive(archive: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": "archive",
        "name": archive.name,
        "contentUrl": archive.url,
        "contentSize": f"{archive.bytes} B",
        "encodingFormat": "application/x-tar",  # tools open a tar.gz by this name
        "sha256": archive.sha256,
    }


def _table_file(facts: Facts, table: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{table}.tsv",
        "name": f"{table}.tsv",
        "containedIn": {"@id": "archive"},
        "contentUrl": f"{facts['stem']}/{facts['locale']}/{table}.tsv",
        "encodingFormat": "text/tab-separated-values",
    }


def _record_set(table: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": f"The clips of {table}.tsv.",
        "field": [_field(table, column) for column in COLUMNS[table]],
    }


def _field(table: str, column: str) -> Mapping[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column}",
        "name": column,
        "dataType": "sc:Integer" if column in NUMBERS else "sc:Text",
        "source": {"fileObject": {"@id": f"{table}.tsv"}, "extract": {"column": column}},
    }


def datacite(editions: Sequence[Facts]) -> str:
    """Return what DataCite wants to know of a release of these editions, ready for a DOI."""
    one = editions[0]
    languages = ", ".join(facts["language"] for facts in editions)
    length = sum(facts["all"]["duration_ms"] for facts in editions)
    document = {
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Speech corpus"},
        "creators": [{"name": one["corpus"], "nameType": "Organizational"}],
        "titles": [{"title": f"{one['corpus']} {one['number']}: {languages}"}],
        "publisher": {"name": one["corpus"]},
        "publicationYear": int(one["cutoff"][:4]),
        "dates": [{"date": one["cutoff"], "dateType": "Collected", "dateInformation": "last day"}],
        "version": one["number"],
        "url": f"{one['site']}/datasets/{one['number']}/",
        "subjects": [{"subject": "speech"}, {"subject": "speech recognition"}],
        "sizes": [f"{hours(length)} hours", f"{sum(facts['all']['clips'] for facts in editions)} clips"],
        "formats": ["audio/mpeg", "text/tab-separated-values"],
        "rightsList": [
            {"rightsUri": LICENSE_URL, "rightsIdentifier": "CC0-1.0", "rightsIdentifierScheme": "SPDX"}
        ],
        "descriptions": [
            {
                "description": "Sentences read aloud by volunteers and judged by other volunteers.",
                "descriptionType": "Abstract",
            }
        ],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
