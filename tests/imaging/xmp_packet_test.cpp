#include "imaging/metadata/xmp_packet.h"

#include <gtest/gtest.h>

namespace {

const imaging::ImageInfo kPicture{90, 120, 1, 1};

std::string corrected(std::string packet) {
  imaging::correct_xmp(packet, kPicture);
  return packet;
}

std::string packet_of(const std::string& inside) {
  return "<?xpacket begin?><x:xmpmeta a=\"b\"><rdf:RDF xmlns:rdf=\"r\">" + inside +
         "</rdf:RDF></x:xmpmeta><?xpacket end?>";
}

TEST(XmpPacket, SpeaksOfThePictureInAttributesAndElements) {
  EXPECT_EQ(corrected("<d tiff:Orientation=\"6\" tiff:ImageWidth='5'>"),
            "<d tiff:Orientation=\"1\" tiff:ImageWidth='90'>");
  EXPECT_EQ(corrected("<exif:PixelYDimension>9000</exif:PixelYDimension>"),
            "<exif:PixelYDimension>120</exif:PixelYDimension>");
}

TEST(XmpPacket, KeepsWhatOnlyLooksLikeIt) {
  for (const std::string text :
       {"tiff:Orientation", "tiff:Orientation=\"", "tiff:Orientation=\"a\"",
        "the tiff:Orientation>12 of it", "<tiff:Orientation>1 or 2</tiff:Orientation>"}) {
    EXPECT_EQ(corrected(text), text);
  }
}

TEST(XmpPacket, IsJoinedFromTheTwoOfAJpeg) {
  const std::string first = packet_of("<d note=\"1\" xmpNote:HasExtendedXMP=\"ABC\"/>");
  EXPECT_EQ(imaging::joined_xmp(first, packet_of("<e/>")), packet_of("<d note=\"1\" /><e/>"));
  EXPECT_EQ(imaging::joined_xmp(packet_of("<xmpNote:HasExtendedXMP>A</xmpNote:HasExtendedXMP><d/>"),
                                packet_of("<e/>")),
            packet_of("<d/><e/>"));
  EXPECT_EQ(imaging::joined_xmp(first, "no packet"), "");
}

TEST(XmpPacket, IsSplitForAJpegAndNamesItsSecondPartByItsMd5) {
  const imaging::SplitXmp split = imaging::split_xmp(packet_of("<e/>"));
  EXPECT_EQ(split.extended,
            "<x:xmpmeta a=\"b\"><rdf:RDF xmlns:rdf=\"r\"><e/></rdf:RDF></x:xmpmeta>");
  EXPECT_NE(split.packet.find("<x:xmpmeta a=\"b\">"), std::string::npos);
  EXPECT_NE(split.packet.find("HasExtendedXMP=\"" + imaging::extended_xmp_name(split.extended)),
            std::string::npos);
  EXPECT_EQ(imaging::extended_xmp_name("abc"), "900150983CD24FB0D6963F7D28E17F72");
  EXPECT_EQ(imaging::split_xmp("no packet").packet, "");
}

}  // namespace
