// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The tables, put together once.
#include "tools/kiriko/tables.hpp"

#include "controller/loop/controller.hpp"
#include "vnf/catalogue.hpp"

namespace kiriko {

const LoadTables& load_tables() {
  static const OptionTable controller = controller_options();
  static const LoadTables tables{catalogue(), traffic_models(), &controller};
  return tables;
}

}  // namespace kiriko
