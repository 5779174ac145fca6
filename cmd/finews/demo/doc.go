// Package demo is the upstream that `finews demo` reads, so that finews can be tried, and tested whole, without a
// network and without an account anywhere.
//
// In goes nothing: the feeds, the pages, the answers of the list API, the posts and the feeds.yaml are files of this
// package, written for it and embedded. Two addresses do nothing but refuse, so that a failing source is seen as well.
// Out come a small server on loopback that answers as hosts under demo.invalid (Start, Dial), and a folder with an
// ordinary feeds.yaml for the ordinary catalogue code (WriteConfig).
//
// The addresses of the sources are fixed, in a domain that can never exist (RFC 6761 section 6.4), and only the
// dialling ends at the server's port: ids and published bytes do not depend on which port was free. The bodies are
// as dirty as those of real upstreams; their news, banks and counties are invented.
package demo
