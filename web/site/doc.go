// Package site renders what people look at: the pages of finews and the lists that partner sites embed.
//
// In go entries and categories as package feeds knows them; out come feeds.Outputs, static HTML that needs no
// script and asks no third party for anything but the images of an article. Links between our own pages are
// relative, so that a page works at any address and from a folder; canonical addresses and the code that
// partners copy come from feeds.Site. The same input gives the same bytes: nothing on a page depends on the clock.
//
// This is the one place where feeds.SafeHTML becomes template.HTML. All other text is escaped by html/template,
// and an address that is not http or https becomes no link at all.
package site
