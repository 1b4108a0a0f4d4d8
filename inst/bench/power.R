# 10,000 simulated trials of a paired, two-arm, rates or logistic analysis, against a loop over base R's tests and over what
# MKpower simulates. Loops are run for a tenth of the trials and scaled. Rates need no trials here: every outcome is gone
# through. Run: Rscript inst/bench/power.R
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)[1])), "common.R"))
library(respondr)
mkpower <- !inherits(try(bench_library("MKpower"), silent = TRUE), "try-error")  # its dependencies may not build
trials <- 10000
looped <- trials / 10
share <- function(p) mean(p <= 0.05)
loop <- function(one) {
  set.seed(1)
  share(vapply(seq_len(looped), function(b) one(), 0))
}
timed <- function(what, ours, one, goal = 100, peer = "loop over base R") {
  theirs <- seconds(found <- loop(one), runs = 2) * trials / looped
  for (threads in 1:2) {
    record(paste0(what, ", threads = ", threads), seconds(x <- ours(threads)), peer, theirs, goal)
  }
  cat(sprintf("  power %.3f, of the loop %.3f\n", x$power[1], found))
}

timed("signed rank, 30 pairs", function(threads) {
  power_paired(30, 0.6, sd_change = 1, test = "signed_rank", trials = trials, seed = 1, threads = threads)
}, function() wilcox.test(rnorm(30, 0.6))$p.value)
timed("paired t and signed rank of the same trials, 30 pairs", function(threads) {
  power_paired(30, 0.6, sd_change = 1, test = c("t", "signed_rank"), trials = trials, seed = 1, threads = threads)
}, function() {
  x <- rnorm(30, 0.6)
  wilcox.test(x)
  t.test(x)$p.value
})
timed("paired t, 30 pairs, heavy tails", function(threads) {
  power_paired(30, 0.6, sd_change = 1, shape = "t5", trials = trials, seed = 1, threads = threads)
}, function() t.test(0.6 + rt(30, 5) / sqrt(5 / 3))$p.value)
timed("Mann-Whitney, 21 + 41", function(threads) {
  power_groups(21, 0.8, ratio = 41 / 21, sd = 1, test = "mann_whitney", shape = "normal", trials = trials, seed = 1,
    threads = threads)
}, function() wilcox.test(rnorm(41, 0.8), rnorm(21))$p.value)
timed("Welch, 21 + 41", function(threads) {
  power_groups(21, 0.8, ratio = 41 / 21, sd = 1, test = "welch", shape = "lognormal", trials = trials, seed = 1,
    threads = threads)
}, function() t.test(rlnorm(41, 0.8, 0.5), rlnorm(21, 0, 0.5))$p.value)
timed("Fisher, 30 + 30, every outcome", function(threads) {
  power_rates(30, 0.6, reference = 0.3, test = "fisher", threads = threads)
}, function() {
  x <- rbinom(2, 30, c(0.6, 0.3))
  fisher.test(matrix(c(x, 30 - x), 2))$p.value
})
timed("logistic, likelihood ratio, 62 patients", function(threads) {
  power_logistic(62, 2, rate = 0.4, test = "lr", trials = trials, seed = 1, threads = threads)
}, function() {
  x <- rnorm(62)
  y <- rbinom(62, 1, plogis(qlogis(0.4) + log(2) * x))
  anova(glm(y ~ x, binomial()), test = "LRT")[2, "Pr(>Chi)"]
})
timed("logistic, Wald, 62 patients, against summary(glm)", function(threads) {
  power_logistic(62, 2, rate = 0.4, test = "wald", trials = trials, seed = 1, threads = threads)
}, function() {
  x <- rnorm(62)
  y <- rbinom(62, 1, plogis(qlogis(0.4) + log(2) * x))
  summary(glm(y ~ x, binomial()))$coefficients[2, 4]
})
if (mkpower) {
  mk <- seconds(MKpower::sim.power.wilcox.test(nx = 21, rx = rnorm, rx.H0 = rnorm, ny = 41, ry = function(n) rnorm(n, 0.8),
    ry.H0 = rnorm, iter = looped), runs = 2) * trials / looped
  record("Mann-Whitney, 21 + 41, threads = 2", seconds(power_groups(21, 0.8, ratio = 41 / 21, sd = 1, test = "mann_whitney",
    shape = "normal", trials = trials, seed = 1, threads = 2)), "MKpower (power and level)", mk, 100)
}
bench_table()
