package server

import (
	"strconv"
	"strings"
)

// acceptsGzip reports whether an Accept-Encoding header (RFC 9110 section 12.5.3) takes gzip: by its name, or by *
// where the name is not there, with a weight above zero.
func acceptsGzip(headers []string) bool {
	wildcard := false
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		coding, parameters, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return weight(parameters) > 0
		case "*":
			wildcard = weight(parameters) > 0
		}
	}
	return wildcard
}

// weight returns the q of a coding's parameters: 1 where it gives none, 0 where it cannot be read.
func weight(parameters string) float64 {
	name, value, found := strings.Cut(strings.TrimSpace(parameters), "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return q
}
