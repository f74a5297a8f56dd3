package display

// Capitals is the height in mm that the capitals of each verdict's word have
// on a glass.
func Capitals(r *Renderer, f Format) map[string]float64 {
	out := map[string]float64{}
	for _, word := range verdicts {
		b := (&page{Renderer: r, canvas: newCanvas(f), format: f, screen: Screen{Mark: Check, Word: word}}).planBand()
		out[word] = capHeight * float64(b.px) * 25.4 / float64(f.PPI)
	}
	return out
}
