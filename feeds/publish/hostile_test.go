package publish

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// A hostile entry is a file of testdata/hostile: a field and its value in a line, the value as Go writes a string, so that bytes
// that are no text can be written. Strings one behind the other are joined; of a Copy the first is the outlet, the second the
// address. "* n" behind the last repeats it n times; a number alone makes n values of one, in which %d counts. To add one is to
// add a file.

var quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// hostileLine is a line of such a file.
type hostileLine struct {
	field string
	texts []string
	times int // how many values
}

func parseHostileLine(t *testing.T, line string) hostileLine {
	t.Helper()
	field, rest, _ := strings.Cut(line, " ")
	parsed := hostileLine{field: field, times: 1}
	for _, literal := range quotedText.FindAllString(rest, -1) {
		text, err := strconv.Unquote(literal)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		parsed.texts = append(parsed.texts, text)
	}
	rest = strings.TrimSpace(quotedText.ReplaceAllString(rest, ""))
	count, repeated := strings.CutPrefix(rest, "* ")
	if count == "" {
		return parsed
	}
	n, err := strconv.Atoi(count)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if last := len(parsed.texts) - 1; repeated {
		parsed.texts[last] = strings.Repeat(parsed.texts[last], n)
	} else {
		parsed.times = n
	}
	return parsed
}

// set sets the field of an entry.
func (l hostileLine) set(t *testing.T, e *feeds.Entry) {
	t.Helper()
	if l.field == "Date" { // in Unix seconds: time.Time has no text for a year of five digits
		e.Published = time.Unix(int64(l.times), 0)
		e.Updated = e.Published
		return
	}
	for i := range l.times {
		texts := slices.Clone(l.texts)
		for k, text := range texts {
			texts[k] = strings.ReplaceAll(text, "%d", strconv.Itoa(i))
		}
		all := strings.Join(texts, "")
		switch l.field {
		case "Title":
			e.Title = all
		case "ID":
			e.ID = all
		case "Outlet":
			e.Outlet = all
		case "Link":
			e.Link = all
		case "Image":
			e.Image = all
		case "Summary":
			e.Summary = all
		case "Body":
			e.Body = feeds.SafeHTML(all)
		case "Author":
			e.Authors = append(e.Authors, all)
		case "Tag":
			e.Tags = append(e.Tags, all)
		case "Category":
			e.Categories = append(e.Categories, all)
		case "Enclosure":
			e.Enclosures = append(e.Enclosures, feeds.Enclosure{URL: all, Type: "audio/mpeg; " + all, Length: -1})
		case "Copy":
			texts = append(texts, "")
			e.Copies = append(e.Copies, feeds.Copy{ID: fmt.Sprintf("tag:finews.example.org,2022:c%d", i), Outlet: texts[0], Link: texts[1]})
		default:
			t.Fatalf("no field %s", l.field)
		}
	}
}

// hostileEntries returns all of them, by the name of their file.
func hostileEntries(t *testing.T) (entries []feeds.Entry, names []string) {
	t.Helper()
	files, err := filepath.Glob("testdata/hostile/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no hostile entries: %v", err)
	}
	for i, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		day := time.Unix(1649669400+int64(i), 0)
		e := feeds.Entry{ID: fmt.Sprintf("tag:finews.example.org,2022:%016x", i), Path: "edu/" + name + ".html", Published: day, Updated: day}
		for line := range strings.Lines(string(content)) {
			if !strings.HasPrefix(line, "#") {
				parseHostileLine(t, strings.TrimSpace(line)).set(t, &e)
			}
		}
		entries, names = append(entries, e), append(names, name)
	}
	return entries, names
}

// hostileDocuments returns all documents of a channel of entries, all with text that is hostile itself.
func hostileDocuments(entries []feeds.Entry) (feeds.Site, []feeds.Output) {
	hostile := "农金\x00网 ]]> <!-- & \ufffe \xed\xa0\x80"
	site := feeds.Site{Title: hostile, URL: "https://finews.example.org", Language: "zh-CN", Location: time.FixedZone("", -12*3600), Hub: "https://hub.example/农\"?]]>"}
	channel := feeds.Channel{
		Category: feeds.Category{Slug: Union, Title: hostile, Description: hostile}, Entries: entries, Changed: 1649669400, Older: 1,
	}
	titles := func(slug string) string { return hostile + slug }
	outputs := append(Feeds(site, channel, titles, hostile), Archive(site, channel, 2, titles, hostile), OPML(site, []feeds.Channel{channel}))
	places := []Place{{Name: "category/" + hostile + ".html", Changed: time.Unix(316516600000, 0)}}
	return site, append(outputs, Sitemap(site, PagesSitemap, places), SitemapIndex(site, []string{hostile}))
}

// TestHostileEntries holds what is made of hostile entries to every rule, each by itself and all in one feed.
func TestHostileEntries(t *testing.T) {
	entries, names := hostileEntries(t)
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			site, outputs := hostileDocuments(entries[i : i+1])
			conformant(t, site, outputs...)
		})
	}
	site, outputs := hostileDocuments(entries)
	conformant(t, site, outputs...)
	for name, content := range renderAll(t, outputs) {
		if strings.HasPrefix(name, Union+".") || name == "feed.xml" {
			if got := countEntries(t, name, content); got != len(entries) {
				t.Errorf("%s: %d entries of %d", name, got, len(entries))
			}
		}
	}
}

// Addresses that no one may follow are left out, and the entry leads to our page of it.
func TestHostileAddressesAreLeftOut(t *testing.T) {
	entries, names := hostileEntries(t)
	for i, name := range names {
		if !slices.Contains([]string{"script", "relative"}, name) {
			continue
		}
		_, outputs := hostileDocuments(entries[i : i+1])
		var document struct {
			Items []struct {
				URL, Image  string
				Attachments []struct{ URL string }
			}
		}
		if err := json.Unmarshal(renderAll(t, outputs)["all.json"], &document); err != nil {
			t.Fatal(err)
		}
		item := document.Items[0]
		if want := "https://finews.example.org/edu/" + name + ".html"; item.URL != want || item.Image != "" || len(item.Attachments) != 0 {
			t.Errorf("%s: %+v", name, item)
		}
	}
}
