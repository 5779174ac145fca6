package publish

import "mime"

// mediaNamespace is that of Media RSS, for the lead image.
const mediaNamespace = "http://search.yahoo.com/mrss/"

// mediaType returns the media type of an enclosure without parameters, or the one that says nothing where the
// source gave none that is one.
func mediaType(given string) string {
	name, _, err := mime.ParseMediaType(given)
	if err != nil || name == "" {
		return "application/octet-stream"
	}
	return name
}
