package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"finews.withounder.com/feeds"
)

// typedAddress returns the address that a person typed: without a scheme it is https. What may be a password is
// neither asked nor shown again: it would end up in feeds.yaml, and in the shell's history it is already.
func typedAddress(word string) (string, error) {
	word = strings.TrimSpace(word)
	if !strings.Contains(word, "://") {
		word = "https://" + strings.TrimLeft(word, "/")
	}
	u, err := url.Parse(word)
	shown, _, _ := strings.Cut(word, "?")
	switch {
	case err == nil && u.User != nil, err != nil && strings.Contains(shown, "@"):
		return "", errors.New("a name or password stands in this address: take it out, and write the source into feeds.yaml by hand, with basic_auth: \"name:${PASSWORD}\"")
	case err != nil:
		return "", errors.New("this is no address: write one such as https://news.example/rss.xml")
	}
	u.Fragment, u.RawFragment = "", ""
	address, ok := feeds.WebAddress("", u.String())
	if !ok {
		return "", fmt.Errorf("%q is no address that finews asks: write one of http or https and at most 2048 bytes, such as https://news.example/rss.xml", cutShort(shown))
	}
	return address, nil
}

// hintOfHTTP is what to do where an address that was typed without a scheme, and so is asked by https, gives no connection.
func hintOfHTTP(word, asked, phase string) string {
	if strings.Contains(word, "://") || !strings.HasPrefix(asked, "https://") || phase != "tls" && phase != "connect" {
		return ""
	}
	place, _, _ := strings.Cut(strings.TrimLeft(strings.TrimSpace(word), "/"), "?")
	return "; if it speaks only http, write http://" + cutShort(place)
}

// looksLikeAddress reports whether a word is meant for an address, and not for the name of a source.
func looksLikeAddress(word string) bool {
	host, _, _ := strings.Cut(word, "/")
	return strings.Contains(word, "://") || strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsFunc(host, unicode.IsSpace)
}

// cutShort cuts a word for a sentence.
func cutShort(word string) string { return cutAfter(word, 80) }

// cutAfter cuts a text after a number of characters, and shows that by an ellipsis.
func cutAfter(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}

// shellWord returns a word as a shell takes it; one that could be taken for a flag comes after two dashes.
func shellWord(word string) string {
	dashes := ""
	if strings.HasPrefix(word, "-") {
		dashes = "-- "
	}
	if word == "" || strings.ContainsFunc(word, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._/:%+,=@", r)
	}) {
		word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return dashes + word
}
