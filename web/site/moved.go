package site

import "finews.withounder.com/feeds"

// Moved returns the page that stands at an old address, name, of the page target, which has that title. It leads there by itself, and tells
// search engines which of the two addresses counts.
func (r *Renderer) Moved(name, target, title string) feeds.Output {
	view := struct {
		frame
		Href string
	}{frame: r.frame(name, title)}
	view.NoIndex = true
	view.Canonical = r.site.Address(target)
	view.Href = relative(view.Root, target)
	view.Refresh = view.Href
	return r.output(name, "moved", view)
}
