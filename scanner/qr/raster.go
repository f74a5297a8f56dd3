package qr

import "image"

// A raster is a grey picture with a threshold for each block of it.
type raster struct {
	pix    []byte
	stride int
	w, h   int
	effort int // left for this frame, see effort.go
	thresholds
}

// minSide is the smallest picture worth looking at: half of version 1, so
// that every access that looks eight pixels ahead has room.
const minSide = 11

func (r *raster) set(m *image.Gray) {
	r.pix, r.stride, r.w, r.h = m.Pix, m.Stride, m.Rect.Dx(), m.Rect.Dy()
}

func (r *raster) row(y int) []byte { return r.pix[y*r.stride : y*r.stride+r.w : y*r.stride+r.w] }

// inside tells whether p is in the picture.
func (r *raster) inside(p point) bool {
	return p.x >= 0 && p.y >= 0 && p.x < float64(r.w) && p.y < float64(r.h)
}

// luma returns the brightness at p, interpolated between four pixels; at the
// border it is that of the nearest pixel.
func (r *raster) luma(p point) float64 {
	x, y := int(p.x*256)-128, int(p.y*256)-128
	ix, iy := x>>8, y>>8
	if uint(ix) >= uint(r.w-1) || uint(iy) >= uint(r.h-1) {
		return float64(r.pix[clampInt(iy, r.h)*r.stride+clampInt(ix, r.w)])
	}
	at := iy*r.stride + ix
	a := r.pix[at : at+2 : at+2]
	b := r.pix[at+r.stride : at+r.stride+2 : at+r.stride+2]
	fx, fy := x&255, y&255
	upper := int(a[0])<<8 + fx*(int(a[1])-int(a[0]))
	lower := int(b[0])<<8 + fx*(int(b[1])-int(b[0]))
	return float64(upper<<8+fy*(lower-upper)) / (1 << 16)
}

// clampInt brings i into 0 to n-1.
func clampInt(i, n int) int { return max(0, min(i, n-1)) }

// threshold returns what divides dark from light around p.
func (r *raster) threshold(p point) float64 {
	return float64(r.limit(clampInt(int(p.x), r.w), clampInt(int(p.y), r.h)))
}

// contrast is the brightness at p above what divides dark from light.
func (r *raster) contrast(p point) float64 { return r.luma(p) - r.threshold(p) }
