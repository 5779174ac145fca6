package parse

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
)

var errInTag = errors.New("the feed is damaged: a < within a tag")

// tagSize returns the size of a start tag; whole is false where the document ends within it. A ">" in a quoted value
// does not end it, and a "<" is nowhere allowed, as in encoding/xml.
func tagSize(text []byte) (size int, whole bool, err error) {
	quote := byte(0)
	for i, c := range text[:min(len(text), maxTagBytes)] {
		switch {
		case c == '<' && i > 0:
			return 0, false, errInTag
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, true, nil
		}
	}
	if len(text) < maxTagBytes {
		return len(text), false, nil
	}
	return 0, false, fmt.Errorf("a tag of more than %d bytes", maxTagBytes)
}

// tagName returns the name that text starts with, as encoding/xml reads it.
func tagName(text []byte) []byte {
	for i, c := range text {
		if !isNameByte(c) {
			return text[:i]
		}
	}
	return text
}

func isNameByte(c byte) bool {
	return c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == ':' || c == '.' || c == '-'
}

// localName returns a name without its prefix. What encoding/xml takes for no prefix is none here.
func localName(name []byte) []byte {
	return name[len(prefixOf(name)):]
}

// prefixOf returns the prefix of a name with its colon, or nothing.
func prefixOf(name []byte) []byte {
	i := bytes.IndexByte(name, ':')
	if i <= 0 || i == len(name)-1 {
		return nil
	}
	return name[:i+1]
}

// attributes yields the attributes of a start tag, each as a part of it: name, and value without quotes.
func attributes(tag []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		rest := tag[1:]
		rest = rest[len(tagName(rest)):]
		for {
			rest = bytes.TrimLeft(rest, " \t\r\n")
			name := tagName(rest)
			if len(name) == 0 {
				return
			}
			rest = bytes.TrimLeft(rest[len(name):], " \t\r\n")
			var value []byte
			if bytes.HasPrefix(rest, []byte("=")) {
				value, rest = attributeValue(bytes.TrimLeft(rest[1:], " \t\r\n"))
			}
			if !yield(name, value) {
				return
			}
		}
	}
}

func attributeValue(text []byte) (value, rest []byte) {
	if len(text) == 0 || text[0] != '"' && text[0] != '\'' {
		value = tagName(text)
		return value, text[len(value):]
	}
	end := bytes.IndexByte(text[1:], text[0])
	if end < 0 {
		return nil, nil
	}
	return text[1 : 1+end], text[2+end:]
}
