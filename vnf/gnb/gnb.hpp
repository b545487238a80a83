// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The network function `gnb`: a 5G base station of one cell.
#pragma once

#include "core/function/descriptor.hpp"

namespace kiriko {

/// Takes AttachUe, DetachUe, SetRadioShares and SetUeRadio. See README.md for the radio model.
extern const Descriptor gnb_descriptor;

}  // namespace kiriko
