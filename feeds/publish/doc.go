// Package publish turns entries into files. Channels go in ([Feeds], [Archive]) and come out as RSS 2.0, Atom 1.0 and JSON
// Feed 1.1, and as archive documents (RFC 5005) in RSS; lists of channels and pages as OPML 2.0 and sitemaps. Outputs go in
// ([Write]), these and the pages that package site renders, and come out as files under one folder, each replaced whole or
// not at all, and only when its bytes differ; what is gone is removed. A feed goes through a gate first: it is read back, and
// where it does not list what was meant, or lacks what the one before listed, the one before stays.
//
// The three formats of a channel tell the same: the same entries in the same order, with the same ids, links and dates. They
// hold no character that XML forbids or discourages, and no address but absolute ones of the web. The XML feeds name a style
// sheet ([Style]), by which a browser shows what a feed is to someone who opens one there. Package conform holds all of
// them to the rules of their formats, in tests.
//
// What is published is a pure function of what goes in: no clock, no chance, no order of a map. The same
// store gives the same bytes, so that a run that found nothing new touches no file.
package publish
