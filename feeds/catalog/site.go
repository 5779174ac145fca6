package catalog

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"finews.withounder.com/feeds"
)

func defaultSite() feeds.Site {
	return feeds.Site{Language: "zh-CN", Location: shanghai()}
}

// shanghai is the zone of Chinese news. It is among the zones that come with the program.
func shanghai() *time.Location {
	location, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return time.FixedZone("CST", 8*60*60) // the same since 1991
	}
	return location
}

// languageTag is what a BCP 47 tag looks like (RFC 5646), without a list of the languages.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$`)

func (r *reader) site(v value, s *feeds.Site) {
	given := r.mapping(v, keys{
		{"title", r.text(&s.Title)},
		{"url", r.siteURL(&s.URL)},
		{"language", r.pattern(&s.Language, languageTag, "write a language tag such as zh-CN")},
		{"timezone", r.zone(&s.Location)},
		{"contact", r.contact(&s.Contact)},
		{"hub", r.hub(&s.Hub)},
		{"posts", r.flag(&s.Posts)},
		{"embed", r.embed},
	})
	r.need(v, given, "title", "write what the site is called, such as 金融消息")
	r.need(v, given, "url", "write the public address of the site, such as https://finews.example.org")
}

// embed reads the group whose only key, an empty list, says what holds without it.
func (r *reader) embed(v value) {
	r.mapping(v, keys{{"allow", r.later()}})
}

// siteURL makes a reader of the public address. Every link to ourselves is made by putting a slash and a path
// behind it, and every id carries its host, so it is kept in one form: lower-case host, no slash at the end.
func (r *reader) siteURL(into *string) func(value) {
	return func(v value) {
		u, ok := r.address(v)
		if !ok {
			return
		}
		if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
			r.fault(v, "the address of the site has a query or a fragment: leave away what follows ? or #")
			return
		}
		if strings.ContainsFunc(u.Host, func(c rune) bool { return c > unicode.MaxASCII }) {
			r.fault(v, "the host has letters that ids cannot carry: write its ASCII form, which begins with xn--")
			return
		}
		u.Host = strings.ToLower(u.Host)
		*into = strings.TrimRight(u.String(), "/")
	}
}

// hub makes a reader of the address of a WebSub hub, which the feeds name. A query may be part of it.
func (r *reader) hub(into *string) func(value) {
	return func(v value) {
		text, _ := v.scalar()
		if u, err := url.Parse(text); err == nil && u.User != nil || strings.Contains(text, "${") {
			r.fault(v, "this address stands in every feed, for all to read, and can hold no secret: take name, password and ${NAME} out")
			return
		}
		if u, ok := r.address(v); ok {
			u.Fragment = ""
			*into = u.String()
		}
	}
}

// mailbox is what a mail address looks like, as far as a slip of the pen goes.
var mailbox = regexp.MustCompile(`^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$`)

// contact makes a reader of where a person reaches the operator; servers that we ask are told it.
func (r *reader) contact(into *string) func(value) {
	return func(v value) {
		text, ok := r.line(v)
		if !ok {
			return
		}
		mail, isMail := strings.CutPrefix(text, "mailto:")
		switch _, isWeb := feeds.WebAddress("", text); {
		case isMail && mailbox.MatchString(mail), isWeb:
			*into = text
		case mailbox.MatchString(text) && !strings.Contains(text, ":"):
			r.fault(v, "a mail address has to say so: write mailto:%s", short(text))
		default:
			r.fault(v, "this is no way to reach you: write mailto:ops@example.org or https://example.org/about")
		}
	}
}

// Bounds of the network's keys. More workers than maxWorkers only wait for each other's hosts.
const (
	maxWorkers      = 256
	maxHostInterval = time.Hour
)

func defaultNetwork() feeds.Network {
	return feeds.Network{Workers: 8, HostInterval: time.Second}
}

func (r *reader) network(v value, n *feeds.Network) {
	r.mapping(v, keys{
		{"workers", r.number(&n.Workers, 1, maxWorkers)},
		{"host_interval", r.duration(&n.HostInterval, 0, maxHostInterval)},
		{"allow_private", r.prefixes(&n.AllowPrivate)},
		{"proxy", r.proxy(&n.Proxy)},
		{"user_agent", r.text(&n.UserAgent)},
	})
}

// prefixes makes a reader of a list of networks in CIDR form (RFC 4632, RFC 4291).
func (r *reader) prefixes(into *[]netip.Prefix) func(value) {
	return func(v value) {
		r.each(v, func(v value) {
			text, ok := r.line(v)
			if !ok {
				return
			}
			prefix, err := netip.ParsePrefix(text)
			if err != nil {
				r.fault(v, "%s is no network: write one such as 127.0.0.0/8, or 192.168.1.10/32 for a single machine", quote(text))
				return
			}
			*into = append(*into, prefix.Masked())
		})
	}
}
