#pragma once
// One test (within term x between term of a problem) and what a problem says of itself. The glue turns the fields into columns of
// the same names.

#include "respondr/rm/multivariate.hpp"
#include "respondr/rm/sphericity.hpp"
#include "respondr/types.hpp"

namespace respondr::rm::anova {

struct Row {
  double ss = missing, ss_error = missing, df = missing, df_error = missing, f = missing, p = missing;
  Sphericity sphericity;
  double p_lower = missing, p_gg = missing, p_hf = missing, p_hf_lecoutre = missing;
  Multivariate multivariate;
  double eta2 = missing, eta2_low = missing, eta2_high = missing;
  double omega2 = missing, omega2_low = missing, omega2_high = missing;
  double eta2_generalised = missing, omega2_generalised = missing;
  int n = 0, df_lost = 0;
  Status status = Status::ok, status_sphericity = Status::ok, status_multivariate = Status::ok;
};

struct ProblemRow {
  int n = 0, n_dropped = 0, rank = 0;
  double df_error = missing;
  StructureTest compound_symmetry, box;
  int box_groups = 0;
  Status status_compound_symmetry = Status::ok, status_box = Status::ok;
};

// f(name, get) for every column; get(row) is a reference to an int, a double or a Status.
template <class F>
void visit_columns(const Row*, F&& f) {
  f("n", [](auto& r) -> auto& { return r.n; });
  f("ss", [](auto& r) -> auto& { return r.ss; });
  f("ss_error", [](auto& r) -> auto& { return r.ss_error; });
  f("df", [](auto& r) -> auto& { return r.df; });
  f("df_error", [](auto& r) -> auto& { return r.df_error; });
  f("f", [](auto& r) -> auto& { return r.f; });
  f("p", [](auto& r) -> auto& { return r.p; });
  f("epsilon_lower", [](auto& r) -> auto& { return r.sphericity.lower; });
  f("epsilon_gg", [](auto& r) -> auto& { return r.sphericity.gg; });
  f("epsilon_hf", [](auto& r) -> auto& { return r.sphericity.hf; });
  f("epsilon_hf_lecoutre", [](auto& r) -> auto& { return r.sphericity.hf_lecoutre; });
  f("epsilon_hf_used", [](auto& r) -> auto& { return r.sphericity.hf_used; });
  f("epsilon_hf_lecoutre_used", [](auto& r) -> auto& { return r.sphericity.hf_lecoutre_used; });
  f("p_lower", [](auto& r) -> auto& { return r.p_lower; });
  f("p_gg", [](auto& r) -> auto& { return r.p_gg; });
  f("p_hf", [](auto& r) -> auto& { return r.p_hf; });
  f("p_hf_lecoutre", [](auto& r) -> auto& { return r.p_hf_lecoutre; });
  f("mauchly_w", [](auto& r) -> auto& { return r.sphericity.w; });
  f("mauchly_chisq", [](auto& r) -> auto& { return r.sphericity.statistic; });
  f("mauchly_df", [](auto& r) -> auto& { return r.sphericity.df; });
  f("mauchly_p", [](auto& r) -> auto& { return r.sphericity.p; });
  f("mauchly_p_first", [](auto& r) -> auto& { return r.sphericity.p_first; });
  const auto test = [&f](const char* value, const char* f_name, const char* df1, const char* df2, const char* p, auto get) {
    f(value, [get](auto& r) -> auto& { return get(r).value; });
    f(f_name, [get](auto& r) -> auto& { return get(r).f; });
    f(df1, [get](auto& r) -> auto& { return get(r).df1; });
    f(df2, [get](auto& r) -> auto& { return get(r).df2; });
    f(p, [get](auto& r) -> auto& { return get(r).p; });
  };
  test("pillai", "pillai_f", "pillai_df1", "pillai_df2", "pillai_p", [](auto& r) -> auto& { return r.multivariate.pillai; });
  test("wilks", "wilks_f", "wilks_df1", "wilks_df2", "wilks_p", [](auto& r) -> auto& { return r.multivariate.wilks; });
  test("hotelling", "hotelling_f", "hotelling_df1", "hotelling_df2", "hotelling_p",
       [](auto& r) -> auto& { return r.multivariate.hotelling; });
  test("roy", "roy_f", "roy_df1", "roy_df2", "roy_p", [](auto& r) -> auto& { return r.multivariate.roy; });
  f("mckeon_f", [](auto& r) -> auto& { return r.multivariate.mckeon.f; });
  f("mckeon_df1", [](auto& r) -> auto& { return r.multivariate.mckeon.df1; });
  f("mckeon_df2", [](auto& r) -> auto& { return r.multivariate.mckeon.df2; });
  f("mckeon_p", [](auto& r) -> auto& { return r.multivariate.mckeon.p; });
  f("eta2", [](auto& r) -> auto& { return r.eta2; });
  f("eta2_low", [](auto& r) -> auto& { return r.eta2_low; });
  f("eta2_high", [](auto& r) -> auto& { return r.eta2_high; });
  f("omega2", [](auto& r) -> auto& { return r.omega2; });
  f("omega2_low", [](auto& r) -> auto& { return r.omega2_low; });
  f("omega2_high", [](auto& r) -> auto& { return r.omega2_high; });
  f("eta2_generalised", [](auto& r) -> auto& { return r.eta2_generalised; });
  f("omega2_generalised", [](auto& r) -> auto& { return r.omega2_generalised; });
  f("df_lost", [](auto& r) -> auto& { return r.df_lost; });
  f("status", [](auto& r) -> auto& { return r.status; });
  f("status_sphericity", [](auto& r) -> auto& { return r.status_sphericity; });
  f("status_multivariate", [](auto& r) -> auto& { return r.status_multivariate; });
}

template <class F>
void visit_columns(const ProblemRow*, F&& f) {
  f("n", [](auto& r) -> auto& { return r.n; });
  f("n_dropped", [](auto& r) -> auto& { return r.n_dropped; });
  f("rank", [](auto& r) -> auto& { return r.rank; });
  f("df_error", [](auto& r) -> auto& { return r.df_error; });
  f("symmetry_chisq", [](auto& r) -> auto& { return r.compound_symmetry.statistic; });
  f("symmetry_df", [](auto& r) -> auto& { return r.compound_symmetry.df; });
  f("symmetry_p", [](auto& r) -> auto& { return r.compound_symmetry.p; });
  f("box_m", [](auto& r) -> auto& { return r.box.statistic; });
  f("box_df", [](auto& r) -> auto& { return r.box.df; });
  f("box_p_chisq", [](auto& r) -> auto& { return r.box.p; });
  f("box_f", [](auto& r) -> auto& { return r.box.f; });
  f("box_df1", [](auto& r) -> auto& { return r.box.df1; });
  f("box_df2", [](auto& r) -> auto& { return r.box.df2; });
  f("box_p", [](auto& r) -> auto& { return r.box.p_f; });
  f("box_groups", [](auto& r) -> auto& { return r.box_groups; });
  f("status_symmetry", [](auto& r) -> auto& { return r.status_compound_symmetry; });
  f("status_box", [](auto& r) -> auto& { return r.status_box; });
}

}  // namespace respondr::rm::anova
