package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"

	"finews.withounder.com/feeds"
)

// settings returns a digest of all that decides beside the store what is published: what the catalogue says of the site, the categories and
// the rights of sources, and the program itself, whose templates may be other ones. Where it differs everything is rendered again.
func (h *house) settings() string {
	type category struct {
		Slug, Title, Description string
		Outlets                  []string
		Limit                    int
		EveryCopy                bool
	}
	type source struct {
		Rights feeds.Rights
		Kind   feeds.Kind
	}
	site := h.catalogue.Site
	said := struct {
		Title, URL, Language, Location, Contact, Hub, Program string
		Posts                                                 bool
		Categories                                            []category
		Sources                                               map[string]source
	}{
		Title: site.Title, URL: site.URL, Language: site.Language, Contact: site.Contact, Hub: site.Hub, Posts: site.Posts,
		Program: programIdentity(), Sources: map[string]source{},
	}
	if site.Location != nil {
		said.Location = site.Location.String()
	}
	for _, c := range h.catalogue.Categories {
		said.Categories = append(said.Categories, category{c.Slug, c.Title, c.Description, c.Outlets, c.Limit, c.EveryCopy})
	}
	for _, s := range h.catalogue.Sources {
		said.Sources[s.Name] = source{s.Rights, s.Kind}
	}
	text, err := json.Marshal(said)
	if err != nil { // of texts and numbers it is none
		return ""
	}
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:16])
}

// programIdentity tells one build of the program from another by its file; a build without a version has no other name.
func programIdentity() string {
	name, err := os.Executable()
	if err != nil {
		return version()
	}
	info, err := os.Stat(name)
	if err != nil {
		return version()
	}
	text, _ := json.Marshal([]any{version(), info.Size(), info.ModTime().UnixNano()})
	return string(text)
}
