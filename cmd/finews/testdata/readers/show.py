"""Reads feeds with feedparser (https://feedparser.readthedocs.io), and prints what it shows of them.

Each argument is the address of a feed. Each is asked for four times: without a condition, with both validators, and
with each of them alone. What is printed is a list in JSON, with one object for each address.
"""

import calendar
import json
import sys

import feedparser


def seconds(moment):
    return calendar.timegm(moment) if moment else 0


def entry(e):
    content = e.get("content", [{}])[0]
    return {
        "id": e.get("id", ""),
        "title": e.get("title", ""),
        "link": e.get("link", ""),
        "published": seconds(e.get("published_parsed")),
        "updated": seconds(e.get("updated_parsed")),
        "authors": [a.get("name", "") for a in e.get("authors", [])],
        "tags": [t.get("term", "") for t in e.get("tags", [])],
        "type": content.get("type", ""),
        "content": content.get("value", ""),
        "enclosures": [f.get("href", "") for f in e.get("enclosures", [])],
    }


def read(address):
    feed = feedparser.parse(address)
    etag, modified = feed.get("etag"), feed.get("modified")
    again = [(etag, modified), (etag, None), (None, modified)]
    return {
        "status": feed.get("status", 0),
        "again": [feedparser.parse(address, etag=e, modified=m).get("status", 0) for e, m in again],
        "bozo": bool(feed.bozo),
        "fault": str(feed.get("bozo_exception", "")),
        "version": feed.version,
        "title": feed.feed.get("title", ""),
        "language": feed.feed.get("language", ""),
        "links": [{"rel": link.get("rel", ""), "href": link.get("href", "")} for link in feed.feed.get("links", [])],
        "entries": [entry(e) for e in feed.entries],
    }


print(json.dumps([read(address) for address in sys.argv[1:]]))
