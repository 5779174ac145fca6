package discover

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"slices"

	"finews.withounder.com/feeds/parse"
)

// usual are the names of feeds that many sites use, the most usual first.
var usual = []string{"feed", "rss.xml", "feed.xml", "atom.xml", "index.xml", "rss", "feed.json"}

// guessed asks the addresses that many sites use until one is a feed: the others are most often the same.
func (s *search) guessed(page string) []Candidate {
	for _, address := range guesses(page) {
		c, _, err := s.ask(address)
		if err == nil {
			return []Candidate{c}
		}
		if s.ctx.Err() != nil {
			return nil
		}
	}
	return nil
}

// guesses returns the addresses on the host of a page that may be feeds. They lie at its root: beside a page of the inside
// hardly a site has any.
func guesses(page string) []string {
	u, err := url.Parse(page)
	if err != nil {
		return nil
	}
	var addresses []string
	for _, name := range usual {
		addresses = append(addresses, (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/" + name}).String())
	}
	return addresses
}

// mayAsk is an error where a page names an address on a port that neither it nor the web uses: the operator typed the
// page's address, and not that one.
func (s *search) mayAsk(page, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("it is no address")
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" && !slices.Contains([]string{host(page), host(s.source.URL)}, u.Host) {
		return fmt.Errorf("not asked: the page names port %s, which is not its own; give that address to finews add if you trust it", port)
	}
	return nil
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// isPage reports whether a document is HTML, by its label or by its beginning. JSON is none, whatever its label.
func isPage(doc parse.Document) bool {
	if isJSON(doc) {
		return false
	}
	mediaType, _, _ := mime.ParseMediaType(doc.ContentType)
	if mediaType == "text/html" || mediaType == "application/xhtml+xml" {
		return true
	}
	start := bytes.ToLower(doc.Body[:min(len(doc.Body), 1024)])
	return bytes.Contains(start, []byte("<html")) || bytes.Contains(start, []byte("<!doctype html"))
}

func isJSON(doc parse.Document) bool {
	start := bytes.TrimSpace(doc.Body[:min(len(doc.Body), 1024)])
	return bytes.HasPrefix(start, []byte("{")) || bytes.HasPrefix(start, []byte("["))
}
