package conform

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// readFeed is a JSON Feed as a reader reads it, with no key but those that finews writes.
type readFeed struct {
	Version     string     `json:"version"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	HomePage    string     `json:"home_page_url"`
	FeedURL     string     `json:"feed_url"`
	Icon        string     `json:"icon"`
	Language    string     `json:"language"`
	Authors     []readName `json:"authors"`
	Hubs        []readHub  `json:"hubs"`
	Extension   struct {
		About string `json:"about"`
	} `json:"_finews"`
	Items *[]readItem `json:"items"`
}

type readName struct {
	Name string `json:"name"`
}

type readHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type readItem struct {
	ID          *string     `json:"id"` // a string and no number
	Title       string      `json:"title"`
	URL         string      `json:"url"`
	HTML        string      `json:"content_html"`
	Summary     string      `json:"summary"`
	Image       string      `json:"image"`
	Published   string      `json:"date_published"`
	Modified    string      `json:"date_modified"`
	Authors     []readName  `json:"authors"`
	Tags        []string    `json:"tags"`
	Attachments []readFile  `json:"attachments"`
	Extension   readDetails `json:"_finews"`
}

type readFile struct {
	URL  string `json:"url"`
	Type string `json:"mime_type"`
	Size int64  `json:"size_in_bytes"`
}

type readDetails struct {
	Outlet string     `json:"outlet"`
	Source string     `json:"source"`
	Copies []readCopy `json:"copies"`
}

type readCopy struct {
	ID     string `json:"id"`
	Outlet string `json:"outlet"`
	URL    string `json:"url"`
}

// jsonFeed checks a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
func jsonFeed(given file) faults {
	var f faults
	f.check(utf8.Valid(given.content), "it is not UTF-8")
	decoder := json.NewDecoder(bytes.NewReader(given.content))
	decoder.DisallowUnknownFields()
	var feed readFeed
	err := decoder.Decode(&feed)
	if f.check(err == nil && !decoder.More(), "no JSON Feed, or one with keys that are none: %v", err); err != nil {
		return f
	}
	f.check(feed.Version == "https://jsonfeed.org/version/1.1", "version %q", feed.Version)
	f.check(!blank(feed.Title), "the title is empty")
	f.check(feed.FeedURL == given.address(), "feed_url is %q and not %q", feed.FeedURL, given.address())
	f.uri("home_page_url", feed.HomePage)
	f.uri("icon", feed.Icon)
	f.language("language", feed.Language)
	f.names("the feed", feed.Authors)
	f.check(!blank(feed.Extension.About), "_finews does not say what it is")
	for _, hub := range feed.Hubs {
		f.check(!blank(hub.Type), "a hub has no type")
		f.uri("hub", hub.URL)
	}
	f.check(feed.Items != nil, "items is absent")
	f.check(strings.IndexFunc(everything(given.content), unfit) < 0, "it holds a character that no feed may")
	if feed.Items != nil {
		f.items(*feed.Items)
	}
	return f
}

// everything returns what a document says, with its escapes undone.
func everything(content []byte) string {
	var text strings.Builder
	decoder := json.NewDecoder(bytes.NewReader(content))
	for {
		token, err := decoder.Token()
		if err != nil {
			return text.String()
		}
		if word, ok := token.(string); ok {
			text.WriteString(word)
		}
	}
}

func (f *faults) names(whose string, authors []readName) {
	f.check(len(authors) > 0, "%s has no author", whose)
	f.check(!slices.ContainsFunc(authors, func(a readName) bool { return blank(a.Name) }), "%s has an author without a name", whose)
}

func (f *faults) items(items []readItem) {
	var ids []string
	for _, item := range items {
		f.check(item.ID != nil, "an item has no id")
		if item.ID != nil {
			ids = append(ids, *item.ID)
			f.uri("id", *item.ID)
		}
		f.check(!blank(item.Title), "an item's title is empty")
		f.check(!blank(item.HTML), "an item has no content_html")
		f.html("content_html", item.HTML)
		f.names("an item", item.Authors)
		f.itemDates(item)
		f.itemAddresses(item)
		f.unique("tag", item.Tags)
		f.check(!slices.ContainsFunc(item.Tags, blank), "a tag is empty")
		f.check(!blank(item.Extension.Outlet), "_finews names no outlet")
		f.itemCopies(item.Extension.Copies)
	}
	f.unique("id", ids)
}

func (f *faults) itemDates(item readItem) {
	published := f.rfc3339("date_published", item.Published)
	if item.Modified != "" {
		f.check(!f.rfc3339("date_modified", item.Modified).Before(published), "an item was modified before it was published")
	}
}

func (f *faults) itemAddresses(item readItem) {
	if item.URL != "" {
		f.uri("url", item.URL)
	}
	if item.Image != "" {
		f.uri("image", item.Image)
	}
	for _, file := range item.Attachments {
		f.uri("attachment", file.URL)
		f.mediaType("attachment", file.Type)
		f.check(file.Size >= 0, "an attachment has %d bytes", file.Size)
	}
}

func (f *faults) itemCopies(copies []readCopy) {
	for _, c := range copies {
		f.uri("id of a copy", c.ID)
		f.check(!blank(c.Outlet), "a copy has no outlet")
		if c.URL != "" {
			f.uri("url of a copy", c.URL)
		}
	}
}
