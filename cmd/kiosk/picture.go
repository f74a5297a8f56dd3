package main

import (
	"bytes"
	"image"
	"image/png"

	"badgekiosk/provision/seal"
	"badgekiosk/verify"
	"badgekiosk/verify/trust"
)

// pictureOf is the picture of a badge whose issuer is known, as the bundle has
// it; nil for none, and for one that sealing would not have made.
func pictureOf(set *trust.Set, r verify.Report) image.Image {
	data := set.Picture(r.Badge.PictureURI)
	if data == nil || r.Axes.Issuer.State != verify.Pass {
		return nil
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || max(c.Width, c.Height) > seal.PictureSide {
		return nil
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return img
}
