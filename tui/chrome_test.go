package tui

import (
	"testing"

	"escort/session/event"
)

// A layer that is lost stands in the header until it is back, and in the list.
func TestALostLayerStandsInTheHeader(t *testing.T) {
	for _, size := range [][2]int{{40, 12}, {80, 24}, {120, 40}} {
		b := newBench(t, size[0], size[1])
		b.play(event.Event{Kind: event.Lost, Layer: event.LayerLine, Reason: "one", Time: start})
		b.sees("! line view lost: one")
		b.play(event.Event{Kind: event.Lost, Layer: event.LayerLine, Reason: "two", Time: start})
		b.sees("! line view lost: two")
		b.seesNot("! line view lost: two · line view lost")
		b.play(event.Event{Kind: event.Regained, Layer: event.LayerLine, Time: start})
		b.seesNot("! line view")
	}
	b := newBench(t, 120, 40)
	b.play(event.Event{Kind: event.Lost, Layer: event.LayerLine, Reason: "one", Time: start}, event.Event{Kind: event.Regained, Layer: event.LayerLine, Time: start})
	b.press("ctrl+]", "h")
	b.sees("line view lost: one", "line view is back")
}
