/* Another manifest inside than beside the library: it would read more than was accepted. Refused. */
#define TWIN_MANIFEST EH_TEXT("{\"manifest_version\": 1, \"id\": \"twin\", \"title\": \"Twin\", \"version\": \"0.1.0\", \"abi\": \"1.0\"," \
    " \"engine\": \">=0.1, <0.2\", \"licence\": \"MIT\", \"reads\": [\"\"]}\n")
#include "twin.h"
