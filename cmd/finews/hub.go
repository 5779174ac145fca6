package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/hub"
	"finews.withounder.com/feeds/publish"
)

// announce remembers for the hub which feeds may change, before the first of them does: a run that is killed, or fails, may
// never come to say which did, and the next one finds their bytes as they should be. withdraw takes back what was too much.
func (p *publication) announce(ctx context.Context, _ yielding) (err error) {
	site := p.catalogue.Site
	if site.Hub == "" {
		return nil
	}
	p.announced, err = p.store.AddPings(ctx, site.Hub, p.topics(), p.clock())
	return err
}

// topics returns the public addresses of the feeds that are rendered.
func (p *publication) topics() []string {
	slugs := []string{publish.Union}
	for _, c := range p.order {
		if p.changed(c.Slug) {
			slugs = append(slugs, c.Slug)
		}
	}
	var topics []string
	for _, slug := range slugs {
		for _, o := range publish.Feeds(p.catalogue.Site, feeds.Channel{Category: feeds.Category{Slug: slug}}, p.title, generatedBy) {
			topics = append(topics, p.catalogue.Site.Address(o.Name))
		}
	}
	return topics
}

// withdraw forgets what was announced and is as it was, also after a failure. What a killed run announced stays, and is told.
func (p *publication) withdraw(ctx context.Context) error {
	same := slices.DeleteFunc(p.announced, func(topic string) bool { return p.written[topic] })
	if len(same) == 0 {
		return nil
	}
	return p.store.ForgetPings(ctx, same)
}

// tellHub tells the hub of what the store says it has not heard of, and stores what became of it. A hub that fails is no
// error: it is asked again by a later run. It has to be called after every cycle, also after one that published nothing, or
// failed to. When ctx ends nothing more is told; what was told before is stored all the same.
func (h *house) tellHub(ctx context.Context) error {
	stored := context.WithoutCancel(ctx)
	address := h.catalogue.Site.Hub
	if address == "" {
		return h.store.DropPings(stored)
	}
	pings, strays, err := h.pings(stored)
	if err != nil {
		return err
	}
	if len(strays) > 0 {
		if err := h.store.ForgetPings(stored, strays); err != nil {
			return err
		}
	}
	if len(pings) == 0 {
		return nil
	}
	client, err := h.client()
	if err != nil {
		return err
	}
	defer client.CloseIdle()
	changed := hub.Tell(ctx, client, address, pings, h.clock())
	if len(changed) == 0 {
		return nil
	}
	return h.store.PutPings(stored, address, changed)
}

// pings returns what the hub has to be told; strays are topics that wait from the time when the site had another address.
func (h *house) pings(ctx context.Context) (pings []feeds.Ping, strays []string, err error) {
	site := h.catalogue.Site
	all, err := h.store.Pings(ctx, site.Hub)
	for _, p := range all {
		if hub.OfHub(p) || strings.HasPrefix(p.Topic, site.Address("")) {
			pings = append(pings, p)
		} else {
			strays = append(strays, p.Topic)
		}
	}
	return pings, strays, err
}

// hubPatience is how long a hub may fail before doctor calls it trouble: the feeds are published all the same.
const hubPatience = 24 * time.Hour

// examineHub looks at what the hub has not been told. Without a hub there is nothing to say.
func (d *doctor) examineHub(ctx context.Context, h *house) error {
	if d.catalogue.Site.Hub == "" {
		return nil
	}
	pings, _, err := h.pings(ctx)
	if err == nil {
		d.judgeHub(h, pings)
	}
	return err
}

func (d *doctor) judgeHub(h *house, pings []feeds.Ping) {
	address := fetch.Shown(d.catalogue.Site.Hub)
	worst, topics, failing := weigh(pings)
	switch {
	case topics == 0:
		d.note("hub", "%s was told of every change", address)
	case failing == 0:
		d.note("hub", "%s will be told of %d topics by the next polls", address, topics)
	default:
		const said = "%s has not taken %d topics since %s: %s"
		again := "asked again " + h.minute(worst.NotBefore)
		if d.now.Sub(worst.Since) > hubPatience {
			d.complain("hub", again, said, address, failing, h.minute(worst.Since), worst.Fault)
			return
		}
		d.note("hub", said+"; %s", address, failing, h.minute(worst.Since), worst.Fault, again)
	}
}

// weigh counts the topics among pings, and those that the hub has not taken: all of them where it fails itself. worst tells
// why: it is the ping of the hub, or of the topic that it has refused for longest.
func weigh(pings []feeds.Ping) (worst feeds.Ping, topics, failing int) {
	down := false
	for _, p := range pings {
		switch {
		case hub.OfHub(p):
			worst, down = p, true
			continue
		case p.Failures > 0:
			failing++
			if !down && (worst.Failures == 0 || p.Since.Before(worst.Since)) {
				worst = p
			}
		}
		topics++
	}
	if down {
		failing = topics
	}
	return worst, topics, failing
}
