#pragma once

#include "imaging/metadata/metadata.h"

namespace imaging {

/// Puts the texts of JPEG and PNG into fields of EXIF, for formats that have no place of their own
/// for them: PNG's Author, Description, Copyright and Software have counterparts, the others go to
/// the user's comment. A field that is there stays; what has no place then is noted.
void put_texts_into_exif(Metadata& metadata, Notes& notes);

}  // namespace imaging
