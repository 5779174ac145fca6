// Package publish turns entries into files. Channels go in (Feeds) and come out as RSS 2.0, Atom 1.0 and JSON
// Feed 1.1; outputs go in (Write), these and the pages that package site renders, and come out as files under
// one folder, each replaced whole or not at all, and only when its bytes differ; what is gone is removed.
//
// What is published is a pure function of what goes in: no clock, no chance, no order of a map. The same
// store gives the same bytes, so that a run that found nothing new touches no file.
package publish
