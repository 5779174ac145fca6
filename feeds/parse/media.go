package parse

import (
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"finews.withounder.com/feeds"
)

// addMedia adds what Media RSS and iTunes say of an item: files, the lead image, keywords. The image is a thumbnail, or
// else a picture: of a podcast, or the first among the files.
func addMedia(item *feeds.Item, x ext.Extensions, base string) {
	var thumbnails, pictures []string
	for _, e := range mediaElements(x) {
		switch e.Name {
		case "thumbnail":
			thumbnails = append(thumbnails, e.Attrs["url"])
		case "content":
			length, _ := strconv.ParseInt(e.Attrs["fileSize"], 10, 64)
			item.Enclosures = addEnclosure(item.Enclosures, base, e.Attrs["url"], e.Attrs["type"], length)
			unfit(item, base, "enclosure", e.Attrs["url"])
			if e.Attrs["medium"] == "image" || strings.HasPrefix(e.Attrs["type"], "image/") {
				pictures = append(pictures, e.Attrs["url"])
			}
		case "category":
			item.Tags = addWords(item.Tags, e.Attrs["label"], e.Value)
		case "keywords":
			item.Tags = addWords(item.Tags, keywords(e.Value)...)
		}
	}
	for _, e := range extension(x, "itunes", "keywords") {
		item.Tags = addWords(item.Tags, keywords(e.Value)...)
	}
	for _, e := range extension(x, "itunes", "image") {
		thumbnails = append(thumbnails, e.Attrs["href"])
	}
	for _, e := range item.Enclosures {
		if strings.HasPrefix(e.Type, "image/") {
			pictures = append(pictures, e.URL)
		}
	}
	pictures = append(thumbnails, pictures...)
	item.Image = firstAddress(base, pictures...)
	unfit(item, base, "image", pictures...)
}

// mediaElements returns the elements of Media RSS of an item, those within a group or within a file's too.
func mediaElements(x ext.Extensions) []ext.Extension {
	var all []ext.Extension
	add := func(elements map[string][]ext.Extension) {
		for _, name := range []string{"thumbnail", "content", "category", "keywords"} {
			all = append(all, elements[name]...)
		}
	}
	add(x["media"])
	for _, group := range x["media"]["group"] {
		add(group.Children)
	}
	for _, e := range all[:len(all):len(all)] {
		add(e.Children)
	}
	return all
}

func keywords(list string) []string {
	list = list[:bytesOf(list, maxTagWords*maxWordLength)]
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == '，' || r == '、' || r == ';' || r == '；' })
}
