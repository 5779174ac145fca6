package publish

import (
	"mime"

	"finews.withounder.com/feeds"
)

// mediaNamespace is that of Media RSS, for the lead image.
const mediaNamespace = "http://search.yahoo.com/mrss/"

// enclosures returns the files of an entry as they are published: each has an address of the web, a media type, and a size in
// bytes, 0 for one that is not known.
func enclosures(e feeds.Entry) []feeds.Enclosure {
	var files []feeds.Enclosure
	for _, file := range e.Enclosures {
		file.URL, file.Type, file.Length = address(file.URL), mediaType(file.Type), max(file.Length, 0)
		if file.URL != "" {
			files = append(files, file)
		}
	}
	return files
}

// mediaType returns the media type of an enclosure without parameters, or the one that says nothing where the
// source gave none that is one.
func mediaType(given string) string {
	name, _, err := mime.ParseMediaType(given)
	if err != nil || name == "" {
		return "application/octet-stream"
	}
	return name
}
