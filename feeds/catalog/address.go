package catalog

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
)

// maxAddress bounds an address, in bytes, as most servers do.
const maxAddress = 2048

// address returns an absolute http or https address. Messages never show what may be a password or a token:
// neither credentials nor a query.
func (r *reader) address(v value) (*url.URL, bool) {
	text, ok := r.line(v)
	if !ok {
		return nil, false
	}
	u, err := url.Parse(text)
	if fault := addressFault(text, u, err); fault != "" {
		r.fault(v, "%s", fault)
		return nil, false
	}
	return u, true
}

// addressFault says what is wrong with an address; it is empty for a good one.
func addressFault(text string, u *url.URL, err error) string {
	shown, _, _ := strings.Cut(text, "?")
	switch {
	case len(text) > maxAddress:
		return "this address is too long: write at most 2048 bytes"
	case strings.Contains(text, "${"):
		return "an address does not read the environment: write ${NAME} in headers instead"
	case err == nil && u.User != nil, strings.Contains(shown, "@") && (err != nil || u.Host == ""):
		return "a name or password stands in this address: take it out, and send it as a header: headers: {Authorization: \"${NAME}\"}"
	case !strings.Contains(shown, "://") && otherScheme(u):
		return "finews asks http and https alone: write an address that begins with https://"
	case !strings.Contains(shown, "://"):
		return quote(shown) + " has no scheme: write https://" + short(strings.TrimLeft(shown, "/:"))
	case err != nil:
		return "this is no address: " + cause(err).Error() + ": write one such as https://news.example/rss.xml"
	case u.Scheme != "http" && u.Scheme != "https":
		return "this is not an address of the web: it begins with " + short(u.Scheme) + ":, and finews asks http and https alone"
	case u.Hostname() == "":
		return quote(shown) + " names no host: write one such as https://news.example/rss.xml"
	case !validPort(u.Port()):
		return quote(shown) + " has a port that there is not: write one from 1 to 65535, or none"
	}
	return ""
}

// validPort reports whether a port, of which url.Parse only knows that it is of digits, can be asked.
func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// otherScheme reports whether what stands before a colon is a scheme, as in javascript:…, and not a host
// before its port, as in localhost:1200.
func otherScheme(u *url.URL) bool {
	return u != nil && u.Opaque != "" && (u.Opaque[0] < '0' || u.Opaque[0] > '9')
}

// cause takes the address itself out of an error of url.Parse.
func cause(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
