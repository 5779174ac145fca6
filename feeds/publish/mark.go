package publish

import (
	"fmt"
	"io"
	"os"
	"regexp"

	"finews.withounder.com/feeds"
)

// markName is the file in the output folder that says what was published there last. No server shows it: ours knows no
// file whose name starts with a dot.
const markName = ".finews"

// maxMark bounds what is read of it, in bytes.
const maxMark = 4 << 10

const markText = "finews published this folder, and goes on from this mark. Without it everything is written again.\n"

// markPattern is what a mark looks like: 32 hexadecimal digits.
var markPattern = regexp.MustCompile(`(?m)^[0-9a-f]{32}$`)

// ReadMark returns the mark that WriteMark left under the folder root. It is empty where there is none, where it cannot be
// read, and where the files that every publication writes are not there: somebody emptied the folder and left the hidden file.
func ReadMark(root string) string {
	folder, err := os.OpenRoot(root)
	if err != nil {
		return ""
	}
	defer folder.Close()
	for _, name := range []string{Union + ".json", "index.html", "category/index.html", styleName} {
		if _, err := folder.Stat(name); err != nil {
			return ""
		}
	}
	file, err := folder.Open(markName)
	if err != nil {
		return ""
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxMark))
	if err != nil {
		return ""
	}
	return string(markPattern.Find(text))
}

// WriteMark leaves a mark of 32 hexadecimal digits under the folder root, when everything that it stands for is in place there. A
// mark that is there already is not written again.
func WriteMark(root, mark string) error {
	if !markPattern.MatchString(mark) {
		return fmt.Errorf("publish: %q is no mark", mark)
	}
	render := func(w io.Writer) error {
		_, err := io.WriteString(w, markText+mark+"\n")
		return err
	}
	only := func(yield func(feeds.Output, error) bool) { yield(feeds.Output{Name: markName, Render: render}, nil) }
	_, err := Write(root, only, Options{})
	return err
}
