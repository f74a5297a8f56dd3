package qr

import "math"

// A point is a place in a picture, in pixels: the middle of the top left
// pixel is (0.5, 0.5). It is also a step from one place to another.
type point struct{ x, y float64 }

func (a point) add(b point) point     { return point{a.x + b.x, a.y + b.y} }
func (a point) sub(b point) point     { return point{a.x - b.x, a.y - b.y} }
func (a point) mul(k float64) point   { return point{a.x * k, a.y * k} }
func (a point) dot(b point) float64   { return a.x*b.x + a.y*b.y }
func (a point) cross(b point) float64 { return a.x*b.y - a.y*b.x }
func (a point) length() float64       { return math.Sqrt(a.x*a.x + a.y*a.y) }

// along is p moved by a steps of u and b steps of v.
func (a point) along(u, v point, i, j float64) point {
	return point{a.x + u.x*i + v.x*j, a.y + u.y*i + v.y*j}
}

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }
