package main

import (
	"encoding/xml"
	"os"
	"strings"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/storage"
)

// mostDocuments is how many a walk reads before it gives up.
const mostDocuments = 50

// walked is a document as one who collects a feed with its archive reads it (RFC 5005 section 4).
type walked struct {
	address                     string
	self, current, older, newer string
	archive                     bool
	ids, titles                 []string
}

// documentLink is atom:link in either format; an RSS <link> has no rel.
type documentLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

// documentEntry is an entry of Atom or an item of RSS.
type documentEntry struct {
	ID    string `xml:"id"`
	GUID  string `xml:"guid"`
	Title string `xml:"title"`
}

// document reads a feed or archive document, RSS or Atom.
func (s *subscribable) document(address string) walked {
	s.t.Helper()
	text, _ := s.get(address)
	var both struct {
		Links   []documentLink  `xml:"http://www.w3.org/2005/Atom link"`
		Entries []documentEntry `xml:"entry"`
		Channel struct {
			Archive *struct{}       `xml:"http://purl.org/syndication/history/1.0 archive"`
			Links   []documentLink  `xml:"http://www.w3.org/2005/Atom link"`
			Items   []documentEntry `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal(text, &both); err != nil {
		s.t.Fatalf("%s: %v", address, err)
	}
	w := walked{address: address, archive: both.Channel.Archive != nil}
	for _, link := range append(both.Links, both.Channel.Links...) {
		switch link.Rel {
		case "self":
			w.self = link.Href
		case "current":
			w.current = link.Href
		case "prev-archive":
			w.older = link.Href
		case "next-archive":
			w.newer = link.Href
		}
	}
	for _, e := range append(both.Entries, both.Channel.Items...) {
		w.ids, w.titles = append(w.ids, e.ID+e.GUID), append(w.titles, e.Title)
	}
	if w.self != address {
		s.t.Errorf("%s names %s as its own address", address, w.self)
	}
	return w
}

// walk reads a feed and the archive documents before it, the newest first, until it comes to one that is known.
func (s *subscribable) walk(address string, known map[string]bool) []walked {
	s.t.Helper()
	documents := []walked{s.document(address)}
	if documents[0].archive {
		s.t.Errorf("%s says that it is an archive document", address)
	}
	for next := documents[0].older; next != "" && !known[next]; {
		if len(documents) > mostDocuments {
			s.t.Fatalf("the walk from %s does not end", address)
		}
		w := s.document(next)
		if want := s.site.URL + "/" + archivedSlug + ".xml"; !w.archive || w.current != want || w.newer != "" {
			s.t.Errorf("%s: archive %t, current %q, next %q: want an archive document that leads to %s and to none after it",
				next, w.archive, w.current, w.newer, want)
		}
		documents = append(documents, w)
		next = w.older
	}
	return documents
}

// collected returns the titles of the entries of documents, by id. No id may be in two archive documents, or twice in one
// document; the feed itself may hold what is archived already.
func (s *subscribable) collected(documents []walked) map[string]string {
	s.t.Helper()
	titles, archived := map[string]string{}, map[string]string{}
	for _, w := range documents {
		within := map[string]bool{}
		for i, id := range w.ids {
			if title, met := titles[id]; met && title != w.titles[i] {
				s.t.Errorf("%s: %s is %s here, and %s in a newer document", w.address, id, w.titles[i], title)
			}
			if within[id] || w.archive && archived[id] != "" {
				s.t.Errorf("%s: %s is here, and in %s", w.address, id, archived[id])
			}
			within[id], titles[id] = true, w.titles[i]
			if w.archive {
				archived[id] = w.address
			}
		}
		if w.archive && (len(w.ids) == 0 || len(w.ids) > feeds.ArchiveSize) {
			s.t.Errorf("%s has %d entries", w.address, len(w.ids))
		}
	}
	return titles
}

// stored returns the titles of what is shown of the category, by id.
func (s *subscribable) stored() map[string]string {
	s.t.Helper()
	catalogue, err := catalog.Load(s.path("feeds.yaml"), os.Getenv)
	if err != nil {
		s.t.Fatal(err)
	}
	titles := map[string]string{}
	s.store(func(store *storage.Store) error {
		channel, err := store.Latest(s.t.Context(), catalogue.Categories[0], 10_000)
		for _, e := range channel.Entries {
			titles[e.ID] = e.Title
		}
		return err
	})
	return titles
}

// same holds what was collected to what is stored.
func (s *subscribable) same(what string, want, got map[string]string) {
	s.t.Helper()
	for id, title := range want {
		if got[id] != title {
			s.t.Errorf("%s lacks %s, %s: it has %q", what, id, title, got[id])
		}
	}
	for id, title := range got {
		if _, there := want[id]; !there {
			s.t.Errorf("%s has %s, %s, which is not shown", what, id, title)
		}
	}
}

// walkAll walks from the feed in both formats, and returns the archive documents from the newest on.
func (s *subscribable) walkAll() (archive []string) {
	s.t.Helper()
	want := s.stored()
	for _, extension := range []string{".xml", ".atom"} {
		documents := s.walk(s.site.URL+"/"+archivedSlug+extension, nil)
		s.same("the walk from "+archivedSlug+extension, want, s.collected(documents))
		archive = nil
		for _, w := range documents[1:] {
			archive = append(archive, strings.TrimPrefix(w.address, s.site.URL+"/"))
		}
	}
	return archive
}

// subscriber polls a feed, follows it to the archive documents that it has not seen yet, and forgets nothing.
type subscriber struct {
	address string
	known   map[string]bool   // archive documents
	titles  map[string]string // by id
}

// polls reads the feed, and returns how many entries were new to the subscriber.
func (r *subscriber) polls(s *subscribable) (fresh int) {
	s.t.Helper()
	documents := s.walk(r.address, r.known)
	for id, title := range s.collected(documents) {
		if _, met := r.titles[id]; !met {
			fresh++
		}
		r.titles[id] = title
	}
	for _, w := range documents[1:] {
		r.known[w.address] = true
	}
	return fresh
}
